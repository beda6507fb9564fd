package mooring.local.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** The open watches. */
final class Watches {
  private static final long MIN_TIMEOUT_SECONDS = 1_800;
  private static final int LIMIT = 1_000;

  private final Vertx vertx;
  private final ObjectStore store;
  private final Lists lists;
  private final EventLog events;
  private final int queueLimit;
  private final List<Watch> open = new ArrayList<>();
  private final long timer;

  /**
   * @param bookmarkInterval how often clients that asked for it are told how far they have come
   * @param queueLimit changes a client may lag behind before it is cut off
   */
  Watches(
      Vertx vertx,
      ObjectStore store,
      Lists lists,
      EventLog events,
      Duration bookmarkInterval,
      int queueLimit) {
    this.vertx = vertx;
    this.store = store;
    this.lists = lists;
    this.events = events;
    this.queueLimit = queueLimit;
    this.timer =
        vertx.setPeriodic(
            bookmarkInterval.toMillis(),
            t -> List.copyOf(open).forEach(w -> w.bookmark(events.end())));
  }

  /** Passes on a change that has become durable. */
  void publish(Change change) {
    events.add(change);
    List.copyOf(open).forEach(w -> w.changed(change));
  }

  /**
   * Answers with a stream of events that ends by its timeout, or when the client goes.
   *
   * @throws StatusException when the request is malformed; a version that cannot be served is told
   *     as an event
   */
  void serve(ApiRequest request, HttpServerResponse response) {
    if (open.size() >= LIMIT) {
      throw StatusException.tooManyWatches(LIMIT);
    }
    long version = request.number("resourceVersion", 0);
    long timeoutSeconds =
        request.number(
            "timeoutSeconds",
            MIN_TIMEOUT_SECONDS + ThreadLocalRandom.current().nextLong(MIN_TIMEOUT_SECONDS));
    Function<WatchEvent, Buffer> encoder = encoder(request);
    boolean expired = version != 0 && !events.covers(version);
    Watch watch = null;
    if (!expired) {
      long after = version == 0 ? store.version() : version;
      Iterator<WatchEvent> initial = version == 0 ? present(request) : past(request, version);
      watch =
          new Watch(
              request, response, encoder, initial, version == 0 ? after : events.end(), queueLimit);
    }
    response.setChunked(true).putHeader("Content-Type", "application/json");
    response.writeHead();
    if (expired) {
      String message = "too old resource version: " + version + " (" + events.end() + ")";
      Buffer status = Json.buffer(StatusException.expired(message).status());
      response.end(Watch.line("ERROR", status));
      return;
    }
    run(watch, response, timeoutSeconds, version == 0 ? store.version() : 0);
  }

  private void run(Watch watch, HttpServerResponse response, long timeoutSeconds, long durable) {
    open.add(watch);
    long timeout =
        vertx.setTimer(
            Math.max(1, Math.min(timeoutSeconds * 1000, Integer.MAX_VALUE)),
            t -> watch.finish(events.end()));
    response.closeHandler(
        v -> {
          vertx.cancelTimer(timeout);
          open.remove(watch);
          watch.gone();
        });
    response.endHandler(
        v -> {
          vertx.cancelTimer(timeout);
          open.remove(watch);
        });
    Future<Void> ready = durable == 0 ? Future.succeededFuture() : store.durable(durable);
    ready.onSuccess(v -> watch.start()).onFailure(e -> response.reset());
  }

  private Iterator<WatchEvent> present(ApiRequest request) {
    return lists.all(request).stream().map(s -> new WatchEvent("ADDED", s)).iterator();
  }

  private Iterator<WatchEvent> past(ApiRequest request, long version) {
    var selector = request.selector();
    return events.after(version).stream()
        .filter(c -> c.key().type().equals(request.type()))
        .filter(
            c -> request.namespace().isEmpty() || request.namespace().equals(c.key().namespace()))
        .toList()
        .stream()
        .flatMap(c -> WatchEvent.of(c, selector).stream())
        .iterator();
  }

  private static Function<WatchEvent, Buffer> encoder(ApiRequest request) {
    if (!request.wantsTable()) {
      return e -> Watch.line(e.type(), e.object().bytes());
    }
    Tables tables = new Tables(request.type());
    boolean[] first = {true};
    return e -> {
      var table = tables.row(e.object(), first[0], request.parameter("includeObject"));
      first[0] = false;
      return Watch.line(e.type(), Json.buffer(table));
    };
  }

  /** Ends every watch. */
  void close() {
    vertx.cancelTimer(timer);
    List.copyOf(open).forEach(w -> w.finish(events.end()));
  }
}

package mooring.local.kubernetes;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One client that watches: first what was there when it came, then every change, as fast as it
 * reads. What it has yet to read is kept as references to objects, and only up to a limit: a client
 * that falls further behind is cut off and lists anew.
 */
final class Watch {
  private final ApiRequest request;
  private final Predicate<Stored> selector;
  private final HttpServerResponse response;
  private final Function<WatchEvent, Buffer> encoder;
  private final int queueLimit;
  private final Queue<Buffer> bookmarks = new ArrayDeque<>(1);
  private final Queue<WatchEvent> queue = new ArrayDeque<>();
  private final long after;
  private Iterator<WatchEvent> initial;
  private boolean started;
  private boolean ended;

  /**
   * @param initial what is told before any change, already selected
   * @param after the version up to which changes are known to the client, or part of initial
   */
  Watch(
      ApiRequest request,
      HttpServerResponse response,
      Function<WatchEvent, Buffer> encoder,
      Iterator<WatchEvent> initial,
      long after,
      int queueLimit) {
    this.request = request;
    this.selector = request.selector();
    this.response = response;
    this.encoder = encoder;
    this.initial = initial;
    this.after = after;
    this.queueLimit = queueLimit;
  }

  /** Begins to write; until then changes are only queued. */
  void start() {
    started = true;
    response.drainHandler(v -> drain());
    drain();
  }

  /** Takes note of a published change. */
  void changed(Change change) {
    boolean mine =
        change.version() > after
            && change.key().type().equals(request.type())
            && (request.namespace().isEmpty()
                || request.namespace().equals(change.key().namespace()));
    if (!mine || ended) {
      return;
    }
    WatchEvent.of(change, selector).ifPresent(this::offer);
  }

  private void offer(WatchEvent event) {
    if (queue.size() >= queueLimit) {
      cutOff();
      return;
    }
    queue.add(event);
    drain();
  }

  /** Tells how far the client has come, once it has read everything before. */
  void bookmark(long version) {
    if (request.flag("allowWatchBookmarks") && caughtUp() && bookmarks.isEmpty()) {
      bookmarks.add(line("BOOKMARK", bookmarkBytes(version)));
      drain();
    }
  }

  private boolean caughtUp() {
    return started && !ended && queue.isEmpty() && !initial.hasNext();
  }

  private void drain() {
    while (started && !ended && !response.writeQueueFull()) {
      Buffer next = next();
      if (next == null) {
        return;
      }
      response.write(next);
    }
  }

  private Buffer next() {
    if (initial.hasNext()) {
      return encoder.apply(initial.next());
    }
    if (!bookmarks.isEmpty()) {
      return bookmarks.remove();
    }
    return queue.isEmpty() ? null : encoder.apply(queue.remove());
  }

  /** Ends it as its time is over. */
  void finish(long version) {
    if (!ended) {
      bookmark(version);
      ended = true;
      response.end();
    }
  }

  private void cutOff() {
    ended = true;
    queue.clear();
    response.reset();
  }

  /** The client has gone. */
  void gone() {
    ended = true;
    queue.clear();
  }

  private Buffer bookmarkBytes(long version) {
    var object =
        Json.object()
            .put("kind", request.type().kind())
            .put("apiVersion", request.type().apiVersion());
    Meta.of(object).put("resourceVersion", Long.toString(version)).putNull("creationTimestamp");
    return Json.buffer(object);
  }

  static Buffer line(String type, Buffer object) {
    return Buffer.buffer(object.length() + 32)
        .appendString("{\"type\":\"" + type + "\",\"object\":")
        .appendBuffer(object)
        .appendString("}\n");
  }
}

package mooring.platform.discovery;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;

/**
 * One watch on its way from the API server to the bridge. An error there is an event after the
 * status 200, by which the bridge dies without a word; a status other than 200 makes it list
 * everything anew. So the status waits for the first event.
 */
final class WatchRelay {
  private static final int UNAVAILABLE = 503;

  private final HttpClientResponse from;
  private final HttpServerResponse to;
  private boolean begun;
  private boolean over;

  WatchRelay(HttpClientResponse from, HttpServerResponse to) {
    this.from = from;
    this.to = to;
  }

  void begin() {
    to.closeHandler(gone -> stop());
    RecordParser unused =
        RecordParser.newDelimited("\n", from)
            .handler(this::event)
            .exceptionHandler(error -> end(UNAVAILABLE))
            // One that ends without an event is not begun anew at once, without a pause.
            .endHandler(done -> end(UNAVAILABLE));
  }

  private void event(Buffer line) {
    if (over || line.length() == 0) {
      return;
    }
    int error = error(line);
    if (error != 0) {
      end(error);
      stop();
      return;
    }
    if (!begun) {
      begun = true;
      to.setChunked(true);
    }
    Future<Void> unused = to.write(line.copy().appendString("\n"));
  }

  /** The status that an error speaks of; 0 for what is none. */
  private static int error(Buffer line) {
    try {
      JsonObject event = line.toJsonObject();
      if (!"ERROR".equals(event.getString("type"))) {
        return 0;
      }
      JsonObject status = event.getJsonObject("object");
      Integer code = status == null ? null : status.getInteger("code");
      return code == null ? UNAVAILABLE : code;
    } catch (DecodeException | ClassCastException e) {
      return UNAVAILABLE;
    }
  }

  /** After an event the end is all that can be said; the next watch is told the status. */
  private void end(int status) {
    if (over) {
      return;
    }
    over = true;
    if (!begun) {
      to.setStatusCode(status);
    }
    Future<Void> unused = to.end();
  }

  private void stop() {
    over = true;
    Future<Void> unused = from.request().reset();
  }
}

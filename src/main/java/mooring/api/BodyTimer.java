package mooring.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Ends requests whose bodies do not come in time, however often a part of them does. Only requests
 * that announce one are timed: a poll is to cost no timer.
 */
final class BodyTimer {
  private static final Refusal LATE =
      Refusal.of(Fault.REQUEST_TIMEOUT, "the request body did not arrive in time");

  private final Vertx vertx;
  private final Duration limit;
  private final BiConsumer<HttpServerRequest, Throwable> failed;

  /**
   * @param failed answers a failed request as the last one of its connection
   */
  BodyTimer(Vertx vertx, Duration limit, BiConsumer<HttpServerRequest, Throwable> failed) {
    this.vertx = vertx;
    this.limit = limit;
    this.failed = failed;
  }

  /** Begins with the request's head, before anything is read of its body. */
  void start(HttpServerRequest request) {
    if (announcesBody(request)) {
      long timer = vertx.setTimer(limit.toMillis(), late -> end(request));
      request.end().onComplete(read -> vertx.cancelTimer(timer));
    }
  }

  /** RFC 9112 section 6.3: these headers say that there is one. */
  static boolean announcesBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return (length != null && !length.equals("0"))
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** What was answered already, because no body was wanted, is not answered again. */
  private void end(HttpServerRequest request) {
    if (request.response().ended()) {
      request.connection().close();
      return;
    }
    // Whoever waits for the rest is not to hear of it, nor that it breaks off: this is the answer.
    request.handler(null).endHandler(null).exceptionHandler(null);
    failed.accept(request, new RefusedException(LATE));
  }
}

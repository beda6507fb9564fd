package mooring.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/**
 * An answer after which nothing more of its connection is taken for a request. The connection is
 * not closed before the rest of the request has come, or a moment has passed: what arrives at a
 * closed one resets it, and the client may lose the answer by that (RFC 9112, section 9.6).
 */
final class LastAnswer {
  private static final int LINGER_MILLIS = 1_000;

  private LastAnswer() {}

  /** To be called before the answer is sent. */
  static void of(HttpServerRequest request) {
    request.connection().shutdown(LINGER_MILLIS, TimeUnit.MILLISECONDS);
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
  }

  /**
   * Whether a client may keep back a body that was announced, as nobody has asked for it: what it
   * sends next is then the body, or another request (RFC 9110, section 10.1.1).
   */
  static boolean isDue(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.EXPECT) && !request.isEnded();
  }
}

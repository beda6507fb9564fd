package mooring.api;

import io.vertx.core.http.HttpServerRequest;
import mooring.core.Caller;

/** Finds out who sends a request. */
public interface Authenticator {

  /**
   * Who asks.
   *
   * @return null when the request shows nothing that is valid
   */
  Caller authenticate(HttpServerRequest request);

  /** The {@code WWW-Authenticate} header of a refusal. */
  String challenge();
}

package mooring.api;

import io.reactivex.rxjava3.core.Completable;
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

  /** Whether there can be anything to {@link #lookUp}. */
  default boolean looksUp() {
    return false;
  }

  /**
   * Finds out, if that takes its time, what a request shows; afterwards {@link #authenticate}
   * knows.
   *
   * @return null when it knows already
   */
  default Completable lookUp(HttpServerRequest request) {
    return null;
  }

  /** What a request has to show. */
  default String demand() {
    return "a valid bearer token is required";
  }

  /** The {@code WWW-Authenticate} header of a refusal. */
  String challenge();
}

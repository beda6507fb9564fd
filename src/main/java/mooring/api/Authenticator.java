package mooring.api;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.buffer.Buffer;
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

  /** Whether what a request shows is for its body, too, so that it is judged with that. */
  default boolean signsBodies() {
    return false;
  }

  /**
   * Whether a request shows anything, before its body is read; a {@link RefusedException} refuses
   * what cannot be valid whatever the body is.
   */
  default boolean credible(HttpServerRequest request) {
    return authenticate(request) != null;
  }

  /**
   * Who asks, by a request with its body.
   *
   * @param body empty for none
   * @return null when the request shows nothing
   */
  default Caller authenticate(HttpServerRequest request, Buffer body) {
    return authenticate(request);
  }

  /** What a request has to show. */
  default String demand() {
    return "a valid bearer token is required";
  }

  /** The {@code WWW-Authenticate} header of a refusal. */
  String challenge();
}

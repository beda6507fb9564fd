package mooring.api;

import static io.netty.handler.codec.http.HttpHeaderNames.WWW_AUTHENTICATE;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BooleanSupplier;
import mooring.core.Caller;

/** Who may come in: nobody before the server is ready, then whoever holds the scope. */
final class Guard {
  private static final int STARTING_RETRY_SECONDS = 1;

  private final BooleanSupplier ready;
  private final Authenticator authenticator;
  private final String scope;
  private final RateLimiter limiter;
  private final RefusedException starting;
  private final RefusedException stranger;
  private final RefusedException forbidden;

  /**
   * @param authenticator null for everyone to come in
   * @param scope null when any valid token will do
   * @param limiter null for no limit
   */
  Guard(BooleanSupplier ready, Authenticator authenticator, String scope, RateLimiter limiter) {
    this.ready = ready;
    this.authenticator = authenticator;
    this.scope = scope;
    this.limiter = limiter;
    this.starting =
        new RefusedException(Refusal.unavailable("the server is starting", STARTING_RETRY_SECONDS));
    this.stranger = authenticator == null ? null : stranger(authenticator);
    this.forbidden =
        new RefusedException(Refusal.of(Fault.FORBIDDEN, "the token lacks the scope " + scope));
  }

  /** Of an operation for everyone; its callers are limited by their address. */
  static Guard open(BooleanSupplier ready, RateLimiter limiter) {
    return new Guard(ready, null, null, limiter);
  }

  /** Who asks; null when the operation is for everyone. */
  Caller admit(HttpServerRequest request) {
    if (!ready.getAsBoolean()) {
      throw starting;
    }
    if (authenticator == null) {
      if (limiter != null) {
        limiter.admitStranger(request);
      }
      return null;
    }
    return admitted(request, authenticator.authenticate(request));
  }

  /** Whether nobody is known before the body is read. */
  boolean judgesBodies() {
    return authenticator != null && authenticator.signsBodies();
  }

  /** Refuses who cannot come in whatever the body is. */
  void requireCredible(HttpServerRequest request) {
    if (!ready.getAsBoolean()) {
      throw starting;
    }
    if (!authenticator.credible(request)) {
      throw stranger;
    }
  }

  /** Who asks, by the body too. */
  Caller admit(HttpServerRequest request, Buffer body) {
    return admitted(request, authenticator.authenticate(request, body));
  }

  private Caller admitted(HttpServerRequest request, Caller caller) {
    if (caller == null) {
      throw stranger;
    }
    if (limiter != null) {
      limiter.admit(request, caller);
    }
    if (scope != null && !caller.may(scope)) {
      throw forbidden;
    }
    return caller;
  }

  private static RefusedException stranger(Authenticator authenticator) {
    return new RefusedException(
        new Refusal(
            Fault.UNAUTHENTICATED,
            authenticator.demand(),
            WWW_AUTHENTICATE,
            authenticator.challenge()));
  }
}

package mooring.api;

import static io.netty.handler.codec.http.HttpHeaderNames.WWW_AUTHENTICATE;

import io.vertx.core.http.HttpServerRequest;
import java.util.function.BooleanSupplier;
import mooring.core.Caller;

/** Who may come in: nobody before the server is ready, then whoever holds the scope. */
final class Guard {
  private static final int STARTING_RETRY_SECONDS = 1;

  private final BooleanSupplier ready;
  private final Authenticator authenticator;
  private final String scope;
  private final RefusedException starting;
  private final RefusedException stranger;
  private final RefusedException forbidden;

  Guard(BooleanSupplier ready, Authenticator authenticator, String scope) {
    this.ready = ready;
    this.authenticator = authenticator;
    this.scope = scope;
    this.starting =
        new RefusedException(Refusal.unavailable("the server is starting", STARTING_RETRY_SECONDS));
    this.stranger =
        new RefusedException(
            new Refusal(
                Fault.UNAUTHENTICATED,
                "a valid bearer token is required",
                WWW_AUTHENTICATE,
                authenticator.challenge()));
    this.forbidden =
        new RefusedException(Refusal.of(Fault.FORBIDDEN, "the token lacks the scope " + scope));
  }

  Caller admit(HttpServerRequest request) {
    if (!ready.getAsBoolean()) {
      throw starting;
    }
    Caller caller = authenticator.authenticate(request);
    if (caller == null) {
      throw stranger;
    }
    if (!caller.may(scope)) {
      throw forbidden;
    }
    return caller;
  }
}

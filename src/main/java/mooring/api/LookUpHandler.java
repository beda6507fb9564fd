package mooring.api;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import io.vertx.rxjava3.CompletableHelper;
import java.util.function.BooleanSupplier;

/** Has an authenticator find out what it does not know yet, before a request goes on. */
final class LookUpHandler implements PlatformHandler {
  private final BooleanSupplier ready;
  private final Authenticator authenticator;
  private final Responder responder;

  LookUpHandler(BooleanSupplier ready, Authenticator authenticator, Responder responder) {
    this.ready = ready;
    this.authenticator = authenticator;
    this.responder = responder;
  }

  @Override
  public void handle(RoutingContext routing) {
    long started = System.nanoTime();
    HttpServerRequest request = routing.request();
    var lookUp = ready.getAsBoolean() ? authenticator.lookUp(request) : null;
    if (lookUp == null) {
      routing.next();
      return;
    }
    Context context = routing.vertx().getOrCreateContext();
    // What is sent meanwhile would be lost.
    request.pause();
    CompletableHelper.toFuture(lookUp)
        .onComplete(
            done ->
                context.runOnContext(
                    go -> {
                      request.resume();
                      if (done.succeeded()) {
                        routing.next();
                      } else {
                        responder.fail(request, done.cause(), started);
                      }
                    }));
  }
}

package mooring.api;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.rxjava3.CompletableHelper;
import mooring.core.Caller;
import mooring.status.Encoded;

/** Serves one poll: in the common case a few look-ups in maps, and the bytes. */
final class PollHandler implements Handler<RoutingContext> {
  private final Guard guard;
  private final Poll poll;
  private final Responder responder;
  private final String parameter;

  /**
   * @param parameter the name of the path parameter; null for none
   */
  PollHandler(Guard guard, Poll poll, Responder responder, String parameter) {
    this.guard = guard;
    this.poll = poll;
    this.responder = responder;
    this.parameter = parameter;
  }

  @Override
  public void handle(RoutingContext routing) {
    long started = System.nanoTime();
    HttpServerRequest request = routing.request();
    try {
      Caller caller = guard.admit(request);
      String id = parameter == null ? null : routing.pathParam(parameter);
      Encoded encoded = poll.read(caller, id);
      if (encoded != null) {
        responder.poll(request, encoded, started);
      } else {
        lookUp(routing, caller, id, started);
      }
    } catch (RuntimeException e) {
      responder.fail(request, e, started);
    }
  }

  private void lookUp(RoutingContext routing, Caller caller, String id, long started) {
    Context context = routing.vertx().getOrCreateContext();
    // The look-up may end on another thread; the response is written on the request's own.
    CompletableHelper.toFuture(poll.lookUp(caller, id))
        .onComplete(
            done ->
                context.runOnContext(
                    go -> {
                      if (done.succeeded()) {
                        again(routing.request(), caller, id, started);
                      } else {
                        responder.fail(routing.request(), done.cause(), started);
                      }
                    }));
  }

  private void again(HttpServerRequest request, Caller caller, String id, long started) {
    try {
      Encoded encoded = poll.read(caller, id);
      if (encoded == null) {
        throw new IllegalStateException("a poll found nothing and did not say so");
      }
      responder.poll(request, encoded, started);
    } catch (RuntimeException e) {
      responder.fail(request, e, started);
    }
  }
}

package mooring.api;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
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
  private final PollParameters parameters;
  private final Proxies proxies;

  PollHandler(
      Guard guard, Poll poll, Responder responder, PollParameters parameters, Proxies proxies) {
    this.guard = guard;
    this.poll = poll;
    this.responder = responder;
    this.parameters = parameters;
    this.proxies = proxies;
  }

  @Override
  public void handle(RoutingContext routing) {
    long started = System.nanoTime();
    HttpServerRequest request = routing.request();
    try {
      Caller caller = guard.admit(request);
      answer(request, caller, parameters.id(routing), parameters.read(routing), started);
    } catch (RuntimeException e) {
      responder.fail(request, e, started);
    }
  }

  /** The same for an operation that {@link #needsOnlyItsId}, which is known already. */
  void handle(HttpServerRequest request, String id) {
    long started = System.nanoTime();
    try {
      answer(request, guard.admit(request), id, Parameters.NONE, started);
    } catch (RuntimeException | Error e) {
      // There is no router that would answer for the latter.
      responder.fail(request, e, started);
    }
  }

  /** Whether its path's only parameter is all that it reads of a request, its host included. */
  boolean needsOnlyItsId() {
    return parameters.isIdAlone() && !poll.linked();
  }

  private void answer(
      HttpServerRequest request, Caller caller, String id, Parameters sent, long started) {
    Parameters more = poll.linked() ? sent.at(proxies.address(request)) : sent;
    Encoded encoded = poll.read(caller, id, more);
    if (encoded != null) {
      responder.poll(request, encoded, started);
    } else {
      lookUp(request, new Asked(caller, id, more), started);
    }
  }

  private void lookUp(HttpServerRequest request, Asked asked, long started) {
    Context context = Vertx.currentContext();
    // The look-up may end on another thread; the response is written on the request's own.
    CompletableHelper.toFuture(poll.lookUp(asked.caller, asked.id, asked.more))
        .onComplete(
            done ->
                context.runOnContext(
                    go -> {
                      if (done.succeeded()) {
                        again(request, asked, started);
                      } else {
                        responder.fail(request, done.cause(), started);
                      }
                    }));
  }

  private void again(HttpServerRequest request, Asked asked, long started) {
    try {
      Encoded encoded = poll.read(asked.caller, asked.id, asked.more);
      if (encoded == null) {
        // It has changed once more since it was looked up.
        throw new RefusedException(Refusal.unavailable("it is being changed right now", 1));
      }
      responder.poll(request, encoded, started);
    } catch (RuntimeException e) {
      responder.fail(request, e, started);
    }
  }

  private record Asked(Caller caller, String id, Parameters more) {}
}

package mooring.api;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.ext.web.handler.PlatformHandler;
import io.vertx.rxjava3.SingleHelper;
import java.util.HashMap;
import java.util.Map;
import mooring.core.Caller;

/**
 * Serves one command in steps: let in, read the body, validate, carry out. Nothing of the body is
 * kept before the caller is let in, or shows the name of a key for a body to be judged by.
 */
final class CommandHandler {
  /** The greatest request body. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final String EXCHANGE = "mooring.exchange";
  private static final String JSON = "application/json";

  private static final String IDENTITY = "identity";

  /** RFC 9110 section 15.5.16: the header tells this case from that of another content type. */
  private static final Refusal CODED =
      new Refusal(
          Fault.UNSUPPORTED_MEDIA_TYPE,
          "content codings are not supported",
          HttpHeaders.ACCEPT_ENCODING,
          IDENTITY);

  /** What Vert.x fails with when a body ends before its end, or has a chunk that is none. */
  private static final int BODY_BROKEN_OFF = 200;

  private final Guard guard;
  private final RequestCheck check;
  private final Command command;
  private final Responder responder;

  CommandHandler(Guard guard, RequestCheck check, Command command, Responder responder) {
    this.guard = guard;
    this.check = check;
    this.command = command;
    this.responder = responder;
  }

  /** Binds the steps to a route. */
  void bind(Route route) {
    // Of the kinds of handlers that a route orders, this is the one that may stand before a body.
    route.handler((PlatformHandler) this::admit);
    if (check.takesBody() || guard.judgesBodies()) {
      // One per route: it is no state, and the limit is the same for all.
      route.handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    }
    route.handler(this::run).failureHandler(this::failed);
  }

  private void admit(RoutingContext routing) {
    long started = System.nanoTime();
    HttpServerRequest request = routing.request();
    Refusal misfit = misfit(request);
    try {
      Caller caller = null;
      if (guard.judgesBodies()) {
        guard.requireCredible(request);
      } else {
        caller = guard.admit(request);
        requireFit(misfit);
      }
      if (request.headers().contains(HttpHeaders.CONTENT_TYPE)) {
        // Whatever else it is, it is read byte for byte, as it is signed: never as a form. The
        // validator takes media types literally; parameters and case mean nothing here.
        request.headers().set(HttpHeaders.CONTENT_TYPE, JSON);
      }
      routing.put(EXCHANGE, new Exchange(caller, misfit, started));
      routing.next();
    } catch (RefusedException e) {
      responder.fail(request, e, started);
    }
  }

  private void run(RoutingContext routing) {
    if (routing.response().ended()) {
      // Its body took too long, and nothing is done that a client has been told is not.
      return;
    }
    Exchange exchange = judged(routing);
    if (exchange == null) {
      return;
    }
    Context context = routing.vertx().getOrCreateContext();
    check
        .body(routing)
        .onSuccess(body -> run(routing, context, exchange, body))
        .onFailure(failure -> responder.fail(routing.request(), failure, exchange.started));
  }

  /** With the caller who is known now at the latest; null when that is refused. */
  private Exchange judged(RoutingContext routing) {
    Exchange exchange = routing.get(EXCHANGE);
    if (!guard.judgesBodies()) {
      return exchange;
    }
    try {
      Buffer body = routing.body().buffer();
      Buffer sent = body == null ? Buffer.buffer() : body;
      Caller caller = guard.admit(routing.request(), sent);
      // Not before: a stranger is told nothing but that.
      requireFit(exchange.misfit);
      return new Exchange(caller, null, exchange.started);
    } catch (RefusedException e) {
      responder.fail(routing.request(), e, exchange.started);
      return null;
    }
  }

  private void run(RoutingContext routing, Context context, Exchange exchange, JsonObject body) {
    HttpServerRequest request = routing.request();
    Call call =
        new Call(exchange.caller, check.id(routing), routing.pathParams(), query(routing), body);
    // The store answers on a thread of its own; the response is written on the request's.
    SingleHelper.toFuture(Single.defer(() -> command.run(call)))
        .onComplete(done -> context.runOnContext(go -> answer(request, done, exchange.started)));
  }

  /** Described arguments have been checked by now; what else there is may have any form. */
  private static Map<String, String> query(RoutingContext routing) {
    Map<String, String> query = new HashMap<>();
    try {
      routing.queryParams().forEach(query::putIfAbsent);
    } catch (HttpException e) {
      query.clear();
    }
    return query;
  }

  private void answer(HttpServerRequest request, AsyncResult<Reply> done, long started) {
    if (done.succeeded()) {
      responder.reply(request, done.result(), started);
    } else {
      responder.fail(request, done.cause(), started);
    }
  }

  /** What failed outside our own steps: reading the body, or a fault of ours. */
  private void failed(RoutingContext routing) {
    Exchange exchange = routing.get(EXCHANGE);
    long started = exchange == null ? System.nanoTime() : exchange.started;
    responder.fail(routing.request(), failure(routing), started);
  }

  /** Of a client's own fault no more is told or logged: its cause may quote what was sent. */
  private static Throwable failure(RoutingContext routing) {
    int status = routing.statusCode();
    if (status == Fault.TOO_LARGE.status()) {
      return tooLarge();
    }
    if (status == Fault.EXPECTATION_FAILED.status()) {
      return new RefusedException(
          Refusal.of(Fault.EXPECTATION_FAILED, "only the expectation 100-continue can be met"));
    }
    return status == Fault.UNREADABLE_BODY.status() || status == BODY_BROKEN_OFF
        ? new RefusedException(Refusal.of(Fault.UNREADABLE_BODY, "the request cannot be read"))
        : routing.failure();
  }

  private static RefusedException tooLarge() {
    return new RefusedException(
        Refusal.of(
            Fault.TOO_LARGE,
            "the request body must not be larger than " + MAX_BODY_BYTES + " bytes"));
  }

  private static void requireFit(Refusal misfit) {
    if (misfit != null) {
      throw new RefusedException(misfit);
    }
  }

  /** Null when the body, if one is taken and sent, is said to be of the form that is taken. */
  private Refusal misfit(HttpServerRequest request) {
    if (!check.takesBody() || (!check.requiresBody() && !BodyTimer.announcesBody(request))) {
      return null;
    }
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String media = type == null ? "" : type.split(";", 2)[0].strip();
    if (!media.equalsIgnoreCase(JSON)) {
      return Refusal.of(Fault.UNSUPPORTED_MEDIA_TYPE, "the content type must be " + JSON);
    }
    boolean plain =
        request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
            .allMatch(IDENTITY::equalsIgnoreCase);
    return plain ? null : CODED;
  }

  /**
   * A request on its way.
   *
   * @param caller null while only the body can tell
   * @param misfit why its body is not of the form that is taken; null when it is
   */
  private record Exchange(Caller caller, Refusal misfit, long started) {}
}

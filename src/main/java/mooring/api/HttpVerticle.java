package mooring.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mooring.status.Freshness;

/** Serves the API on one event loop; several share the port and everything else. */
final class HttpVerticle extends VerticleBase {
  private static final int IDLE_SECONDS = 75;

  private final HttpSettings settings;
  private final int port;
  private final List<ContractRouter> routers;
  private final Documents documents;
  private final Responder unknown;
  private HttpServer server;

  HttpVerticle(
      HttpSettings settings,
      int port,
      List<ContractRouter> routers,
      Documents documents,
      Freshness freshness,
      MeterRegistry meters) {
    this.settings = settings;
    this.port = port;
    this.routers = routers;
    this.documents = documents;
    this.unknown =
        new Responder(new ProblemJson(), freshness, new RequestMeters(meters, "none", "none"));
  }

  @Override
  public Future<?> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(port)
            // Of reading alone: to watch the writes too costs every answer a listener.
            .setReadIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false)
            // There are no WebSockets here; to be ready for their compression costs every answer.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false);
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(timed(checked(handler())))
            .invalidRequestHandler(this::undecoded);
    return server.listen();
  }

  /** Accepts no more, and waits for the requests in flight. */
  @Override
  public Future<?> stop() {
    return server.shutdown(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The port it listens on. */
  int port() {
    return server.actualPort();
  }

  /**
   * The commonest polls need no router. Else each API has a router of its own: a request is held
   * against the routes of one API only. Which one, its path says as it was sent, or else when it
   * has been normalized. A path with dot segments (RFC 3986, section 3.3) names nothing: clients
   * put names of things into paths as they are, and one that is called ".." must not turn the
   * request into one to what holds it.
   */
  private Handler<HttpServerRequest> handler() {
    Map<ContractRouter, Router> own = new LinkedHashMap<>();
    DirectPolls direct = new DirectPolls();
    Router rest = router();
    for (ContractRouter api : routers) {
      Router router = router();
      api.bind(vertx, router, direct);
      router.route().handler(routing -> rest.handle(routing.request()));
      own.put(api, router);
    }
    documents.bind(rest);
    rest.route()
        .handler(
            routing -> {
              Router router = serving(own, routing.normalizedPath());
              if (router == null || DotSegments.in(routing.request().path())) {
                fail(routing.request(), refused(Fault.NOT_FOUND, "not found"));
              } else {
                router.handle(routing.request());
              }
            });
    return request -> {
      String path = request.path();
      if (path != null && direct.serve(request, path)) {
        return;
      }
      Router router = path == null ? null : serving(own, path);
      if (router != null && DotSegments.in(path)) {
        fail(request, refused(Fault.NOT_FOUND, "not found"));
        return;
      }
      (router == null ? rest : router).handle(request);
    };
  }

  /** Null when the path lies within no API. */
  private static Router serving(Map<ContractRouter, Router> own, String path) {
    for (Map.Entry<ContractRouter, Router> api : own.entrySet()) {
      if (api.getKey().serves(path)) {
        return api.getValue();
      }
    }
    return null;
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.errorHandler(400, this::unreadable);
    router.errorHandler(
        404, routing -> fail(routing.request(), refused(Fault.NOT_FOUND, "not found")));
    router.errorHandler(500, routing -> fail(routing.request(), cause(routing)));
    return router;
  }

  /** A path that cannot be decoded names nothing; anything else is the request's own fault. */
  private void unreadable(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    if (!queryDecodes(request)) {
      fail(request, refused(Fault.UNREADABLE_BODY, "the query cannot be decoded"));
    } else if (routing.failure() == null) {
      // What else fails while routes are matched, fails without a cause, is the path.
      fail(request, refused(Fault.NOT_FOUND, "not found"));
    } else {
      fail(request, refused(Fault.UNREADABLE_BODY, "the request cannot be read"));
    }
  }

  private static boolean queryDecodes(HttpServerRequest request) {
    try {
      request.params();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Handler<HttpServerRequest> timed(Handler<HttpServerRequest> handler) {
    BodyTimer timer = new BodyTimer(vertx, settings.reading(), this::last);
    return request -> {
      timer.start(request);
      handler.handle(request);
    };
  }

  /** RFC 9112, section 3.2: what stands before the server may have gone by the other host. */
  private Handler<HttpServerRequest> checked(Handler<HttpServerRequest> handler) {
    return request -> {
      if (request.headers().getAll(HttpHeaders.HOST).size() > 1) {
        fail(request, refused(Fault.UNREADABLE_BODY, "a request has one Host header"));
      } else if (TransferCodings.anyUnknown(request.headers())) {
        last(
            request, refused(Fault.NOT_IMPLEMENTED, "no transfer coding but chunked is supported"));
      } else {
        handler.handle(request);
      }
    };
  }

  private void last(HttpServerRequest request, Throwable failure) {
    LastAnswer.of(request);
    fail(request, failure);
  }

  /** What could not be decoded is answered, and nothing more is read after it. */
  private void undecoded(HttpServerRequest request) {
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    fail(request, new RefusedException(Undecoded.refusal(request.decoderResult().cause())));
    request.connection().close();
  }

  private void fail(HttpServerRequest request, Throwable failure) {
    for (ContractRouter api : routers) {
      if (request.path() != null && api.serves(request.path())) {
        api.fail(request, failure);
        return;
      }
    }
    unknown.fail(request, failure, System.nanoTime());
  }

  private static RefusedException refused(Fault fault, String message) {
    return new RefusedException(Refusal.of(fault, message));
  }

  private static Throwable cause(RoutingContext routing) {
    return routing.failure() == null
        ? new IllegalStateException("failed without a cause")
        : routing.failure();
  }
}

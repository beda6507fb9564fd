package mooring.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
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
            .setHandle100ContinueAutomatically(true);
    server = vertx.createHttpServer(options).requestHandler(handler());
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
   * Each API has a router of its own besides the one with everything: a request is held against the
   * routes of one API only. What one does not know, by a path that has to be normalized first, goes
   * to the other.
   */
  private Handler<HttpServerRequest> handler() {
    Router everything = router();
    routers.forEach(api -> api.bind(vertx, everything));
    documents.bind(everything);
    everything.route().handler(routing -> fail(routing, refused(Fault.NOT_FOUND, "not found")));
    Map<ContractRouter, Router> own = new LinkedHashMap<>();
    for (ContractRouter api : routers) {
      Router router = router();
      api.bind(vertx, router);
      router.route().handler(routing -> everything.handle(routing.request()));
      own.put(api, router);
    }
    return request -> {
      for (Map.Entry<ContractRouter, Router> api : own.entrySet()) {
        if (request.path() != null && api.getKey().serves(request.path())) {
          api.getValue().handle(request);
          return;
        }
      }
      everything.handle(request);
    };
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.errorHandler(400, this::unreadable);
    router.errorHandler(500, routing -> fail(routing, cause(routing)));
    return router;
  }

  /** A path that cannot be decoded names nothing; anything else is the request's own fault. */
  private void unreadable(RoutingContext routing) {
    boolean path = routing.failure() instanceof IllegalArgumentException;
    fail(
        routing,
        path
            ? refused(Fault.NOT_FOUND, "not found")
            : refused(Fault.UNREADABLE_BODY, "the request cannot be read"));
  }

  private void fail(RoutingContext routing, Throwable failure) {
    HttpServerRequest request = routing.request();
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

package mooring.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
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
            .setIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setHandle100ContinueAutomatically(true);
    server = vertx.createHttpServer(options).requestHandler(router());
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

  private Router router() {
    Router router = Router.router(vertx);
    routers.forEach(api -> api.bind(vertx, router));
    documents.bind(router);
    router.route().handler(routing -> refuse(routing, Fault.NOT_FOUND, "not found"));
    router.errorHandler(
        Fault.UNREADABLE_BODY.status(),
        routing -> refuse(routing, Fault.UNREADABLE_BODY, "the request cannot be read"));
    router.errorHandler(Fault.INTERNAL.status(), this::failed);
    return router;
  }

  private void refuse(RoutingContext routing, Fault fault, String message) {
    RefusedException refused = new RefusedException(Refusal.of(fault, message));
    unknown.fail(routing.request(), refused, System.nanoTime());
  }

  private void failed(RoutingContext routing) {
    Throwable failure = routing.failure();
    unknown.fail(
        routing.request(),
        failure == null ? new IllegalStateException("failed without a cause") : failure,
        System.nanoTime());
  }
}

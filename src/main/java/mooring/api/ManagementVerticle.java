package mooring.api;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Health and metrics, for those who run the server; on a port of its own. */
public final class ManagementVerticle extends VerticleBase {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final String host;
  private final int port;
  private final Map<String, BooleanSupplier> readiness;
  private final Supplier<String> metrics;
  private HttpServer server;

  /**
   * @param readiness what has to hold before requests should come, by name; each answers at once
   * @param metrics the metrics in Prometheus's text form
   */
  public ManagementVerticle(
      String host, int port, Map<String, BooleanSupplier> readiness, Supplier<String> metrics) {
    this.host = host;
    this.port = port;
    this.readiness = Map.copyOf(readiness);
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    router.get("/health/live").handler(routing -> health(routing.request(), List.of()));
    router.get("/health/ready").handler(routing -> health(routing.request(), failing()));
    router.get("/metrics").handler(this::metrics);
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost(host).setPort(port))
            .requestHandler(router);
    return server.listen();
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  private List<String> failing() {
    return readiness.entrySet().stream()
        .filter(check -> !check.getValue().getAsBoolean())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static void health(HttpServerRequest request, List<String> failing) {
    JsonObject body = new JsonObject().put("status", failing.isEmpty() ? "UP" : "DOWN");
    if (!failing.isEmpty()) {
      body.put("failing", new JsonArray(failing));
    }
    request
        .response()
        .setStatusCode(failing.isEmpty() ? 200 : 503)
        .putHeader(HttpHeaders.DATE, DateField.now())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(body.toBuffer());
  }

  /** Gauges may look at a lot, so they are asked on a worker thread. */
  private void metrics(RoutingContext routing) {
    vertx
        .executeBlocking(metrics::get, false)
        .onSuccess(
            text ->
                routing
                    .response()
                    .putHeader(HttpHeaders.DATE, DateField.now())
                    .putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(text))
        .onFailure(routing::fail);
  }
}

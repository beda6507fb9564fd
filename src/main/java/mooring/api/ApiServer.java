package mooring.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import mooring.status.Freshness;

/** The public port: every published API, their contracts and the page to try them. */
public final class ApiServer {
  private final Vertx vertx;
  private final HttpSettings settings;
  private final List<PublishedApi> apis;
  private final BooleanSupplier ready;
  private final Freshness freshness;
  private final MeterRegistry meters;
  private final List<String> deployments = new ArrayList<>();

  /**
   * @param ready whether requests can be answered; until then they are 503
   */
  public ApiServer(
      Vertx vertx,
      HttpSettings settings,
      List<PublishedApi> apis,
      BooleanSupplier ready,
      Freshness freshness,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.settings = settings;
    this.apis = List.copyOf(apis);
    this.ready = ready;
    this.freshness = freshness;
    this.meters = meters;
    Gauge.builder("mooring.status.age", freshness, Freshness::ageSeconds)
        .description("Seconds since the platform was last heard")
        .baseUnit("seconds")
        .register(meters);
  }

  /**
   * Loads the contracts, binds the operations and listens.
   *
   * @return the port; fails when an operation lacks its handler or a handler its operation
   */
  public Future<Integer> start() {
    List<Future<Contract>> loading =
        apis.stream().map(api -> Contract.load(vertx, api.name())).toList();
    return Future.all(loading).compose(all -> listen(all.list()));
  }

  /** Accepts no more requests, finishes those in flight, and stops. */
  public Future<Void> stop() {
    List<Future<Void>> stopping = deployments.stream().map(vertx::undeploy).toList();
    deployments.clear();
    return Future.join(stopping).mapEmpty();
  }

  private Future<Integer> listen(List<Contract> contracts) {
    List<ContractRouter> routers = new ArrayList<>();
    for (int i = 0; i < apis.size(); i++) {
      routers.add(new ContractRouter(contracts.get(i), apis.get(i), ready, freshness, meters));
    }
    Documents documents =
        new Documents(
            contracts,
            new Responder(
                new ProblemJson(), freshness, new RequestMeters(meters, "none", "documents")));
    // The first one finds out the port, which the others then share.
    HttpVerticle first = verticle(settings.port(), routers, documents);
    return deploy(() -> first, 1)
        .compose(
            deployed ->
                settings.eventLoops() == 1
                    ? Future.succeededFuture()
                    : deploy(
                        () -> verticle(first.port(), routers, documents),
                        settings.eventLoops() - 1))
        .map(deployed -> first.port());
  }

  private Future<Void> deploy(Supplier<HttpVerticle> verticle, int instances) {
    DeploymentOptions options = new DeploymentOptions().setInstances(instances);
    return vertx.deployVerticle(verticle, options).onSuccess(deployments::add).mapEmpty();
  }

  private HttpVerticle verticle(int port, List<ContractRouter> routers, Documents documents) {
    return new HttpVerticle(settings, port, routers, documents, freshness, meters);
  }
}

package mooring.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import mooring.status.Freshness;

/** The public port: every published API, their contracts and the page to try them. */
public final class ApiServer {
  private final Vertx vertx;
  private final Contracts contracts;
  private final HttpSettings settings;
  private final List<PublishedApi> apis;
  private final BooleanSupplier ready;
  private final Freshness freshness;
  private final MeterRegistry meters;
  private volatile String deployment;

  /**
   * @param ready whether requests can be answered; until then they are 503
   */
  public ApiServer(
      Vertx vertx,
      Contracts contracts,
      HttpSettings settings,
      List<PublishedApi> apis,
      BooleanSupplier ready,
      Freshness freshness,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.contracts = contracts;
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
    List<Future<Contract>> loading = apis.stream().map(api -> contracts.of(api.name())).toList();
    return Future.all(loading).compose(all -> listen(all.list()));
  }

  /** Accepts no more requests, finishes those in flight, and stops. */
  public Future<Void> stop() {
    return deployment == null ? Future.succeededFuture() : vertx.undeploy(deployment);
  }

  private Future<Integer> listen(List<Contract> contracts) {
    List<ContractRouter> routers = new ArrayList<>();
    for (int i = 0; i < apis.size(); i++) {
      Contract contract = contracts.get(i);
      PublishedApi api = apis.get(i);
      routers.add(
          new ContractRouter(
              contract, contract.basePath(), api, settings.proxies(), ready, freshness, meters));
      if (api.rootless()) {
        routers.add(
            new ContractRouter(contract, "", api, settings.proxies(), ready, freshness, meters));
      }
    }
    Documents documents =
        new Documents(
            contracts,
            settings.proxies(),
            new Responder(
                new ProblemJson(), freshness, new RequestMeters(meters, "none", "documents")));
    List<HttpVerticle> verticles = new CopyOnWriteArrayList<>();
    int port = shared(settings.port());
    Supplier<HttpVerticle> next =
        () -> {
          HttpVerticle verticle =
              new HttpVerticle(settings, port, routers, documents, freshness, meters);
          verticles.add(verticle);
          return verticle;
        };
    DeploymentOptions options = new DeploymentOptions().setInstances(settings.eventLoops());
    return vertx
        .deployVerticle(next, options)
        .map(
            id -> {
              deployment = id;
              return verticles.get(0).port();
            });
  }

  /** Vert.x shares a free port among the servers that ask for the same negative one. */
  private static int shared(int port) {
    return port == 0 ? -1 - ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : port;
  }
}

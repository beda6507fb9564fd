package mooring.local;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import mooring.local.control.ControllerClient;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import mooring.local.operator.EmbeddedOperator;
import mooring.local.operator.OperatorConfig;
import mooring.local.postgres.PostgresBinaries;

/** The embedded Kubernetes API with its operator: what stands in where no cluster is given. */
public final class EmbeddedCluster implements AutoCloseable {
  private final Vertx vertx;
  private final EmbeddedKubernetes api;
  private final KubernetesClient client;
  private final EmbeddedOperator operator;

  private EmbeddedCluster(
      Vertx vertx, EmbeddedKubernetes api, KubernetesClient client, EmbeddedOperator operator) {
    this.vertx = vertx;
    this.api = api;
    this.client = client;
    this.operator = operator;
  }

  /**
   * Starts both, blocking until no status claims a server that does not run yet.
   *
   * @param directory what they keep lies in {@code kubernetes} and {@code databases} of it, and
   *     {@code kubeconfig} leads to the API
   * @param namespace whose databases are run
   * @param catalog the ImageCatalog that is installed when there is none of that name
   * @param binaries the PostgreSQL servers at hand
   */
  public static EmbeddedCluster start(
      Path directory, String namespace, String catalog, PostgresBinaries binaries) {
    // An event loop of its own: its work is never in the way of a poll.
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    EmbeddedKubernetesConfig config =
        EmbeddedKubernetesConfig.in(directory.resolve("kubernetes"))
            .withKubeconfig(directory.resolve("kubeconfig"))
            .withLogs(directory.resolve("databases"));
    EmbeddedKubernetes api;
    try {
      api = EmbeddedKubernetes.start(vertx, config).await();
    } catch (RuntimeException e) {
      vertx.close().await();
      throw e;
    }
    KubernetesClient client = client(api);
    EmbeddedOperator operator =
        new EmbeddedOperator(
            client,
            new OperatorConfig(directory.resolve("databases"), namespace, binaries, catalog)
                .withPods());
    EmbeddedCluster cluster = new EmbeddedCluster(vertx, api, client, operator);
    try {
      operator.start().toCompletableFuture().join();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The kubeconfig of the API. */
  public Path kubeconfig() {
    return api.kubeconfig();
  }

  /** Whether the API's disk takes what is written; may be asked at any time. */
  public boolean writable() {
    return api.writable();
  }

  /** Stops every database's server, then the API; data and objects stay. */
  @Override
  public void close() {
    operator.close();
    client.close();
    api.close().await();
    vertx.close().await();
  }

  private static KubernetesClient client(EmbeddedKubernetes api) {
    return ControllerClient.of(api.kubeconfig());
  }
}

package mooring.product;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mooring.FreePort;
import mooring.local.kubernetes.EmbeddedKubernetesMain;

/** The embedded Kubernetes API as a process of its own, at one address all the time. */
final class KubernetesApi implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Workplace place;
  private final Path directory;
  private final int port = FreePort.next();
  private Child child;
  private KubernetesClient client;

  /** A running one, with nothing in it. */
  KubernetesApi(Workplace place) {
    this.place = place;
    this.directory = place.directory("kubernetes");
    start();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
  }

  void start() {
    child =
        place.closing(
            Child.java(
                "kubernetes",
                directory,
                Map.of(),
                List.of(
                    "-cp",
                    Child.JAR.toString(),
                    EmbeddedKubernetesMain.class.getName(),
                    directory.resolve("state").toString(),
                    Integer.toString(port))));
    child.awaitOutput("KUBECONFIG=", START_LIMIT);
  }

  /** SIGKILL; what it holds stays. */
  void kill() {
    child.kill();
  }

  Path kubeconfig() {
    return directory.resolve("state").resolve("kubeconfig");
  }

  /** Every Cluster there is: its unique id. */
  List<String> clusters() {
    return client
        .genericKubernetesResources("postgresql.cnpg.io/v1", "Cluster")
        .inNamespace("default")
        .list()
        .getItems()
        .stream()
        .map(GenericKubernetesResource::getMetadata)
        .map(metadata -> metadata.getName() + " " + metadata.getUid())
        .toList();
  }

  @Override
  public void close() {
    client.close();
  }
}

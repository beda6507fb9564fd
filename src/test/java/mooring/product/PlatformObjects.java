package mooring.product;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The product's objects in a namespace, read past the product. */
final class PlatformObjects implements AutoCloseable {
  private static final String LABEL = "app.kubernetes.io/managed-by";
  private static final String CLOUD_NATIVE_PG = "postgresql.cnpg.io/v1";

  private final KubernetesClient client;
  private final String namespace;

  PlatformObjects(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Those of a product that runs with everything embedded. */
  static PlatformObjects embedded(Path data) {
    Config config = Config.fromKubeconfig(data.resolve("kubeconfig").toFile());
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    return new PlatformObjects(client, "default");
  }

  /** Every object that the product, or an operator for it, has made: kind and name. */
  List<String> all() {
    return Stream.<List<? extends HasMetadata>>of(
            custom("Cluster"),
            custom("ScheduledBackup"),
            custom("Backup"),
            custom("Database"),
            custom("DatabaseRole"),
            client.services().inNamespace(namespace).withLabel(LABEL, "mooring").list().getItems(),
            client.secrets().inNamespace(namespace).withLabel(LABEL, "mooring").list().getItems())
        .flatMap(List::stream)
        .map(object -> object.getKind() + " " + object.getMetadata().getName())
        .toList();
  }

  /** Those of one database, sorted. */
  List<String> of(String name) {
    return all().stream().filter(one -> one.contains(name)).sorted().toList();
  }

  /** The Backups of a Cluster, without those that a schedule has made. */
  List<GenericKubernetesResource> backups(String cluster) {
    return custom("Backup").stream()
        .filter(backup -> backup.getMetadata().getName().startsWith(cluster + "-b"))
        .toList();
  }

  /** All that is asked for a database, in a form that changes when anything of it does. */
  String asked(String name) {
    GenericKubernetesResource cluster =
        client
            .genericKubernetesResources(CLOUD_NATIVE_PG, "Cluster")
            .inNamespace(namespace)
            .withName(name)
            .get();
    Secret secret = client.secrets().inNamespace(namespace).withName(name + "-app").get();
    return cluster == null || secret == null
        ? "nothing"
        : Arrays.asList(
                cluster.get("spec"),
                cluster.getMetadata().getAnnotations(),
                cluster.getMetadata().getDeletionTimestamp(),
                secret.getData())
            .toString();
  }

  private List<GenericKubernetesResource> custom(String kind) {
    return client
        .genericKubernetesResources(CLOUD_NATIVE_PG, kind)
        .inNamespace(namespace)
        .list()
        .getItems();
  }

  @Override
  public void close() {
    client.close();
  }
}

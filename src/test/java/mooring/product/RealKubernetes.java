package mooring.product;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A namespace of its own on a real API server. */
final class RealKubernetes implements AutoCloseable {
  final String namespace = "story-" + UUID.randomUUID().toString().substring(0, 8);
  private final Workplace place;
  private final Config config =
      Config.fromKubeconfig(Path.of(System.getenv("MOORING_TEST_KUBECONFIG")).toFile());
  private final KubernetesClient admin =
      new KubernetesClientBuilder()
          .withConfig(config)
          .withHttpClientFactory(new JdkHttpClientFactory())
          .build();

  RealKubernetes(Workplace place) {
    this.place = place;
    admin
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  /** Applies manifests that are written for the namespace {@code mooring} to this one. */
  void apply(String... manifests) throws IOException {
    for (String manifest : manifests) {
      String text =
          Files.readString(Path.of(manifest))
              .replace("namespace: mooring", "namespace: " + namespace);
      for (HasMetadata object :
          admin.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).items()) {
        admin.resource(object).inNamespace(namespace).create();
      }
    }
  }

  /** A kubeconfig that holds the token of a service account and nothing else. */
  Path kubeconfig(String serviceAccount) throws IOException {
    String token =
        admin
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(serviceAccount)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    return Files.writeString(
        place.directory("kubeconfigs").resolve(serviceAccount),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: real, cluster: {server: "%s", certificate-authority-data: "%s"}}]
        users: [{name: account, user: {token: "%s"}}]
        contexts: [{name: real, context: {cluster: real, user: account, namespace: "%s"}}]
        current-context: real
        """
            .formatted(config.getMasterUrl(), config.getCaCertData(), token, namespace));
  }

  /** Every object that the product, or the operator for it, has made: kind and name. */
  List<String> objects() {
    return new PlatformObjects(admin, namespace).all();
  }

  @Override
  public void close() {
    admin.namespaces().withName(namespace).delete();
    admin.close();
  }
}

package mooring.platform;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** An API server to try the platform on: a namespace of its own, and the part of the operators. */
final class Lab implements AutoCloseable {
  final String namespace = "platform-" + UUID.randomUUID().toString().substring(0, 8);
  final KubernetesClient admin;
  private final Path kubeconfig;
  private final URI server;

  Lab(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    this.kubeconfig = kubeconfig;
    this.server = URI.create(config.getMasterUrl());
    this.admin =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    admin
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  KubernetesConnection connect() {
    return KubernetesConnection.kubeconfig(kubeconfig);
  }

  Relay relay() {
    return new Relay(server.getPort());
  }

  /** A connection that goes through a relay. */
  KubernetesConnection connect(Relay relay, Path folder) throws Exception {
    Path through = folder.resolve("kubeconfig-" + relay.port());
    String contents = Files.readString(kubeconfig);
    Files.writeString(
        through, contents.replace(server.getAuthority(), server.getHost() + ":" + relay.port()));
    return KubernetesConnection.kubeconfig(through);
  }

  Resource<GenericKubernetesResource> cluster(String name) {
    return admin
        .genericKubernetesResources(PostgresCluster.RESOURCE)
        .inNamespace(namespace)
        .withName(name);
  }

  Resource<Service> service(String name) {
    return admin.services().inNamespace(namespace).withName(name);
  }

  /** Writes a status as CloudNativePG would: {@code patch} is what stands under it. */
  void status(String cluster, String patch) {
    cluster(cluster)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + patch + "}");
  }

  /** Says that a Cluster is as it should be. */
  void healthy(String cluster) {
    status(
        cluster,
        """
        {"phase": "Cluster in healthy state", "instances": 1, "readyInstances": 1,
         "image": "ghcr.io/cloudnative-pg/postgresql:16.4",
         "pgDataImageInfo": {"image": "ghcr.io/cloudnative-pg/postgresql:16.4", "majorVersion": 16},
         "conditions": [{"type": "Ready", "status": "True", "reason": "ClusterIsReady",
           "message": "Cluster is Ready", "lastTransitionTime": "2026-01-02T03:04:05Z"}]}
        """);
  }

  /** Says that a load balancer holds an address. */
  void balanced(String service, String address) {
    service(service)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"" + address + "\"}]}}}");
  }

  @Override
  public void close() {
    try {
      admin.namespaces().withName(namespace).delete();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> admin.namespaces().withName(namespace).get() == null);
    } finally {
      admin.close();
    }
  }
}

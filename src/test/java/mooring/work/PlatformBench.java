package mooring.work;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import mooring.core.ObservationListener;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import mooring.platform.KubernetesConnection;
import mooring.platform.KubernetesPlatform;
import mooring.platform.PlatformSettings;
import mooring.platform.ServiceType;

/** The real platform on the embedded Kubernetes API; the test is CloudNativePG. */
final class PlatformBench implements AutoCloseable {
  private static final String NAMESPACE = "default";

  final KubernetesPlatform platform;
  final KubernetesClient operator;
  private final KubernetesConnection connection;

  PlatformBench(Vertx vertx, Path directory, ObservationListener listener) {
    Path kubeconfig =
        EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory))
            .await()
            .kubeconfig();
    connection = KubernetesConnection.kubeconfig(kubeconfig);
    platform =
        new KubernetesPlatform(
            connection,
            new PlatformSettings(NAMESPACE, ServiceType.CLUSTER_IP, "catalog", null, "mooring"));
    assertThat(platform.start(listener).blockingAwait(20, SECONDS)).isTrue();
    operator =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
  }

  /** One of CloudNativePG's objects. */
  Resource<GenericKubernetesResource> object(String kind, String name) {
    return objects("postgresql.cnpg.io", kind).withName(name);
  }

  /** An archive of the Barman Cloud plugin, which there need not be yet. */
  Resource<GenericKubernetesResource> archive(String name) {
    return objects("barmancloud.cnpg.io", "ObjectStore").withName(name);
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      objects(String group, String kind) {
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion("v1")
            .withKind(kind)
            .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
            .withNamespaced(true)
            .build();
    return operator.genericKubernetesResources(context).inNamespace(NAMESPACE);
  }

  /** Makes an archive without a retention of its own. */
  void makeArchive(String name) {
    GenericKubernetesResource made =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("barmancloud.cnpg.io/v1")
            .withKind("ObjectStore")
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .addToAdditionalProperties(
                "spec", Map.of("configuration", Map.of("destinationPath", "s3://backups/")))
            .build();
    objects("barmancloud.cnpg.io", "ObjectStore").resource(made).create();
  }

  /** Writes a status as CloudNativePG would. */
  static void status(Resource<GenericKubernetesResource> object, String status) {
    object
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
  }

  @Override
  public void close() {
    platform.close();
    connection.close();
    operator.close();
  }
}

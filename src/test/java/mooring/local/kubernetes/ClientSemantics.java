package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The client library as the product uses it. */
interface ClientSemantics extends SemanticsSuite {
  ResourceDefinitionContext CLUSTER =
      new ResourceDefinitionContext.Builder()
          .withGroup("postgresql.cnpg.io")
          .withVersion("v1")
          .withKind("Cluster")
          .withPlural("clusters")
          .withNamespaced(true)
          .build();

  private ConfigMap config(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace())
        .addToLabels("client", "yes")
        .endMetadata()
        .addToData("a", value)
        .build();
  }

  private GenericKubernetesResource generic(String name, int instances) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("postgresql.cnpg.io/v1")
        .withKind("Cluster")
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace())
        .addToLabels("client", "cluster")
        .endMetadata()
        .addToAdditionalProperties(
            "spec", Map.of("instances", instances, "storage", Map.of("size", "1Gi")))
        .build();
  }

  private static PatchContext as(String manager) {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager(manager)
        .build();
  }

  @Test
  default void theClientAppliesAndSeesConflicts() {
    try (KubernetesClient client = server().client()) {
      ConfigMap made = client.resource(config("cl-apply", "1")).patch(as("one"));
      assertThat(made.getData()).containsEntry("a", "1");
      assertThatThrownBy(() -> client.resource(config("cl-apply", "2")).patch(as("two")))
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              e -> {
                assertThat(e.getCode()).isEqualTo(409);
                assertThat(e.getStatus().getDetails().getCauses().get(0).getField())
                    .isEqualTo(".data.a");
              });
      ConfigMap forced =
          client
              .resource(config("cl-apply", "2"))
              .fieldManager("two")
              .forceConflicts()
              .serverSideApply();
      assertThat(forced.getData()).containsEntry("a", "2");
    }
  }

  @Test
  default void theClientWritesStatusAndPatches() {
    try (KubernetesClient client = server().client()) {
      var clusters = client.genericKubernetesResources(CLUSTER).inNamespace(namespace());
      client.resource(generic("cl-status", 1)).fieldManager("one").serverSideApply();
      GenericKubernetesResource live = clusters.withName("cl-status").get();
      live.setAdditionalProperty("status", Map.of("phase", "Cluster in healthy state"));
      GenericKubernetesResource written = client.resource(live).updateStatus();
      assertThat(written.<String>get("status", "phase")).isEqualTo("Cluster in healthy state");
      GenericKubernetesResource patched =
          clusters
              .withName("cl-status")
              .patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  "{\"metadata\":{\"annotations\":{\"restartedAt\":\"now\"}}}");
      assertThat(patched.getMetadata().getAnnotations()).containsEntry("restartedAt", "now");
      assertThat(patched.getMetadata().getGeneration()).isEqualTo(1);
      assertThat(client.configMaps().inNamespace(namespace()).withName("none").get()).isNull();
      clusters.withName("cl-status").withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
      Awaitility.await().atMost(SOON).until(() -> clusters.withName("cl-status").get() == null);
    }
  }

  @Test
  default void anInformerFollows() {
    List<String> seen = new CopyOnWriteArrayList<>();
    try (KubernetesClient client = server().client()) {
      client.resource(config("cl-before", "1")).create();
      SharedIndexInformer<ConfigMap> informer =
          client
              .configMaps()
              .inNamespace(namespace())
              .withLabel("client", "yes")
              .runnableInformer(0);
      informer.exceptionHandler((started, e) -> true);
      informer.addEventHandler(recorder(seen));
      informer.start().toCompletableFuture().join();
      client.resource(config("cl-informed", "1")).create();
      Awaitility.await().atMost(SOON).until(() -> seen.contains("add cl-informed"));
      client
          .configMaps()
          .inNamespace(namespace())
          .withName("cl-informed")
          .edit(c -> new ConfigMapBuilder(c).addToData("b", "2").build());
      Awaitility.await().atMost(SOON).until(() -> seen.contains("update cl-informed"));
      client.configMaps().inNamespace(namespace()).withName("cl-informed").delete();
      Awaitility.await().atMost(SOON).until(() -> seen.contains("delete cl-informed"));
      assertThat(seen).contains("add cl-before");
      informer.stop();
    }
  }

  static ResourceEventHandler<ConfigMap> recorder(List<String> seen) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(ConfigMap added) {
        seen.add("add " + added.getMetadata().getName());
      }

      @Override
      public void onUpdate(ConfigMap before, ConfigMap after) {
        seen.add("update " + after.getMetadata().getName());
      }

      @Override
      public void onDelete(ConfigMap deleted, boolean unknown) {
        seen.add("delete " + deleted.getMetadata().getName());
      }
    };
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.EditReplacePatchable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Says in Poolers' status how they are doing, as CloudNativePG does. */
final class PoolerStatus {
  /** No pod tells which generation runs, as CloudNativePG's do. */
  private static final String OBSERVED = "mooring/observed-generation";

  private final KubernetesClient client;
  private final String namespace;

  PoolerStatus(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Whether the status is about what is asked for now. */
  static boolean observed(GenericKubernetesResource pooler) {
    Map<String, String> annotations = pooler.getMetadata().getAnnotations();
    return annotations != null && generation(pooler).equals(annotations.get(OBSERVED));
  }

  private static String generation(GenericKubernetesResource pooler) {
    return String.valueOf(pooler.getMetadata().getGeneration());
  }

  void active(GenericKubernetesResource pooler) {
    report(pooler, "active", null);
    observe(pooler);
  }

  /**
   * @param reason null when none is wanted
   */
  void inactive(GenericKubernetesResource pooler, String reason) {
    report(pooler, "inactive", reason);
  }

  void failed(GenericKubernetesResource pooler, String reason) {
    report(pooler, "failed", reason);
    observe(pooler);
  }

  /** After the status: until then it is not believed. */
  private void observe(GenericKubernetesResource pooler) {
    if (!observed(pooler)) {
      Map<String, Object> annotations = Map.of(OBSERVED, generation(pooler));
      patch(object(pooler), Map.of("metadata", Map.of("annotations", annotations)));
    }
  }

  private void report(GenericKubernetesResource pooler, String phase, String reason) {
    if (phase.equals(pooler.get("status", "phase"))
        && Objects.equals(reason, pooler.get("status", "phaseReason"))) {
      return;
    }
    Map<String, Object> status = new HashMap<>();
    status.put("phase", phase);
    status.put("phaseReason", reason);
    status.put("instances", new Fields(pooler).number(1, "spec", "instances"));
    patch(object(pooler).subresource("status"), Map.of("status", status));
  }

  private Resource<GenericKubernetesResource> object(GenericKubernetesResource pooler) {
    return client
        .genericKubernetesResources(CustomResources.POOLERS)
        .inNamespace(namespace)
        .withName(pooler.getMetadata().getName());
  }

  private static void patch(
      EditReplacePatchable<GenericKubernetesResource> pooler, Map<String, Object> change) {
    try {
      GenericKubernetesResource unused =
          pooler.patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(change));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) { // deleted meanwhile
        throw e;
      }
    }
  }
}

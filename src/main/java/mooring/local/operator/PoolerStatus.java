package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Says in Poolers' status how they are doing, as CloudNativePG does. */
final class PoolerStatus {
  private final KubernetesClient client;
  private final String namespace;

  PoolerStatus(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  void active(GenericKubernetesResource pooler) {
    report(pooler, "active", null);
  }

  /**
   * @param reason null when none is wanted
   */
  void inactive(GenericKubernetesResource pooler, String reason) {
    report(pooler, "inactive", reason);
  }

  void failed(GenericKubernetesResource pooler, String reason) {
    report(pooler, "failed", reason);
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
    try {
      GenericKubernetesResource unused =
          client
              .genericKubernetesResources(CustomResources.POOLERS)
              .inNamespace(namespace)
              .withName(pooler.getMetadata().getName())
              .subresource("status")
              .patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  Serialization.asJson(Map.of("status", status)));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) { // deleted meanwhile
        throw e;
      }
    }
  }
}

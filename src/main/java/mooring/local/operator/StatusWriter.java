package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a Cluster's status, when it differs from what is there. */
final class StatusWriter {
  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;

  StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /** The fields are merged into the status; a null removes one. A Cluster that is gone is none. */
  void write(GenericKubernetesResource cluster, Map<String, Object> fields) {
    Object present = cluster.get("status");
    if (contains(present, fields)) {
      return;
    }
    String name = cluster.getMetadata().getName();
    try {
      client
          .genericKubernetesResources(CustomResources.CLUSTERS)
          .inNamespace(cluster.getMetadata().getNamespace())
          .withName(name)
          .subresource("status")
          .patch(MERGE, Serialization.asJson(Map.of("status", fields)));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return;
    }
    if (!Objects.equals(cluster.get("status", "phase"), fields.get("phase"))
        || !contains(present, Map.of("readyInstances", fields.get("readyInstances")))) {
      log.atInfo()
          .addKeyValue("cluster", name)
          .addKeyValue("phase", fields.get("phase"))
          .addKeyValue("ready", fields.get("readyInstances"))
          .addKeyValue("reason", fields.get("phaseReason"))
          .log("Cluster status");
    }
  }

  private static boolean contains(Object present, Map<?, ?> wanted) {
    if (!(present instanceof Map<?, ?> map)) {
      return false;
    }
    return wanted.entrySet().stream()
        .allMatch(
            field -> {
              Object value = map.get(field.getKey());
              return field.getValue() instanceof Map<?, ?> nested
                  ? contains(value, nested)
                  : Objects.equals(value, field.getValue());
            });
  }
}

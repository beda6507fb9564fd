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

  /**
   * The fields are merged into the status; a null removes one. A Cluster that is gone is none.
   *
   * @return the Cluster as it is then
   * @throws OutdatedException when it is no longer the one that was seen: what was judged by that
   *     must not be said of this one
   */
  GenericKubernetesResource write(GenericKubernetesResource cluster, Map<String, Object> fields) {
    return patch(cluster, Map.of("resourceVersion", version(cluster)), fields);
  }

  /** As {@link #write}, whatever the Cluster has become meanwhile: for what is so anyway. */
  void overwrite(GenericKubernetesResource cluster, Map<String, Object> fields) {
    patch(cluster, Map.of(), fields);
  }

  private static String version(GenericKubernetesResource cluster) {
    return cluster.getMetadata().getResourceVersion();
  }

  private GenericKubernetesResource patch(
      GenericKubernetesResource cluster, Map<String, Object> seen, Map<String, Object> fields) {
    Object present = cluster.get("status");
    if (contains(present, fields)) {
      return cluster;
    }
    String name = cluster.getMetadata().getName();
    Map<String, Object> change = Map.of("metadata", seen, "status", fields);
    GenericKubernetesResource written;
    try {
      written =
          client
              .genericKubernetesResources(CustomResources.CLUSTERS)
              .inNamespace(cluster.getMetadata().getNamespace())
              .withName(name)
              .subresource("status")
              .patch(MERGE, Serialization.asJson(change));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw new OutdatedException(name, e);
      }
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return cluster;
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
    return written;
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

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server has to be started anew for, as CloudNativePG replaces a Pod then.
 *
 * @param restartedAt when a restart was asked for last; empty when never
 * @param resources the CPU and memory it gets, as JSON
 */
record Rollout(String restartedAt, String resources) {
  private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  static Rollout of(GenericKubernetesResource cluster) {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    String restartedAt = annotations == null ? null : annotations.get(RESTARTED_AT);
    Object resources = cluster.get("spec", "resources");
    return new Rollout(
        restartedAt == null ? "" : restartedAt,
        resources == null ? "" : Serialization.asJson(sorted(resources)));
  }

  private static Object sorted(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<String, Object> result = new TreeMap<>();
    map.forEach((name, field) -> result.put(String.valueOf(name), sorted(field)));
    return result;
  }

  /** The phase to show while a server that was started for another rollout is started for this. */
  Optional<Phase> phaseSince(Rollout started) {
    if (!resources.equals(started.resources)) {
      return Optional.of(Phase.UPGRADING);
    }
    return restartedAt.isEmpty() || restartedAt.equals(started.restartedAt)
        ? Optional.empty()
        : Optional.of(Phase.RESTARTING_PRIMARY);
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Cluster's conditions with changes; the ones of others are kept as they are. */
final class Conditions {
  static final String READY = "Ready";
  static final String INITIALIZED = "Initialized";
  static final String ARCHIVING = "ContinuousArchiving";
  static final String HIBERNATION = "cnpg.io/hibernation";

  private final Map<String, Map<String, Object>> byType;

  Conditions(GenericKubernetesResource cluster) {
    this(new LinkedHashMap<>());
    if (cluster.get("status", "conditions") instanceof List<?> present) {
      for (Object condition : present) {
        if (condition instanceof Map<?, ?> fields) {
          Map<String, Object> copy = new HashMap<>();
          fields.forEach((name, value) -> copy.put(String.valueOf(name), value));
          byType.put(String.valueOf(copy.get("type")), copy);
        }
      }
    }
  }

  private Conditions(Map<String, Map<String, Object>> byType) {
    this.byType = byType;
  }

  boolean isTrue(String type) {
    return byType.containsKey(type) && "True".equals(byType.get(type).get("status"));
  }

  /** Names the generation it was judged by, so that every change of the spec is answered. */
  Conditions withReady(boolean ready, int generation) {
    Conditions changed =
        ready
            ? with(READY, true, "ClusterIsReady", "Cluster is Ready")
            : with(READY, false, "ClusterIsNotReady", "Cluster Is Not Ready");
    changed.byType.get(READY).put("observedGeneration", generation);
    return changed;
  }

  /** Whether the archive takes the write-ahead log; empty when there is no archive. */
  Conditions withArchiving(Optional<Boolean> works) {
    if (works.isEmpty()) {
      return without(ARCHIVING);
    }
    return works.get()
        ? with(ARCHIVING, true, "ContinuousArchivingSuccess", "Continuous archiving is working")
        : with(ARCHIVING, false, "ContinuousArchivingFailing", "The archive takes no log");
  }

  /** Sets one; its transition time changes only with its status. */
  Conditions with(String type, boolean holds, String reason, String message) {
    String status = holds ? "True" : "False";
    Map<String, Object> before = byType.getOrDefault(type, Map.of());
    Map<String, Object> condition = new HashMap<>(before);
    condition.put("type", type);
    condition.put("status", status);
    condition.put("reason", reason);
    condition.put("message", message);
    if (!status.equals(before.get("status"))) {
      condition.put("lastTransitionTime", ClusterStatus.now());
    }
    Map<String, Map<String, Object>> changed = new LinkedHashMap<>(byType);
    changed.put(type, condition);
    return new Conditions(changed);
  }

  Conditions without(String type) {
    Map<String, Map<String, Object>> changed = new LinkedHashMap<>(byType);
    changed.remove(type);
    return new Conditions(changed);
  }

  List<Map<String, Object>> list() {
    return new ArrayList<>(byType.values());
  }
}

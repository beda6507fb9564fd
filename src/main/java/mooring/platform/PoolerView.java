package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import mooring.core.PoolMode;

/**
 * What a Pooler shows.
 *
 * @param running its mode; null while it does not run
 * @param failed whether it cannot run
 * @param fault why it does not; null when it runs, or nothing is said
 * @param resourceVersion of the object
 */
record PoolerView(PoolMode running, boolean failed, String fault, long resourceVersion) {

  /** Releases before 1.30 say nothing of a phase; there it runs once pods are asked for. */
  static PoolerView of(GenericKubernetesResource pooler) {
    Object phase = pooler.get("status", "phase");
    boolean runs =
        pooler.getMetadata().getDeletionTimestamp() == null
            && (phase == null
                ? pooler.get("status", "instances") instanceof Number asked && asked.intValue() > 0
                : phase.equals("active"));
    Object reason = pooler.get("status", "phaseReason");
    return new PoolerView(
        runs ? PoolMode.of(pooler.<String>get("spec", "pgbouncer", "poolMode")) : null,
        !runs && "failed".equals(phase),
        runs || reason == null ? null : "the connection pooler does not run: " + reason,
        Versions.of(pooler));
  }

  /** Whether a Pooler is for a Cluster. */
  static boolean isOf(GenericKubernetesResource pooler, String cluster) {
    return cluster.equals(pooler.get("spec", "cluster", "name"));
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.PoolMode;

/**
 * What the Poolers of a Cluster show.
 *
 * @param running the mode of the one for all; null while it does not run
 * @param failed whether one of them cannot run
 * @param pools the numbers of the connection pools that run
 * @param fault why one does not; null when all run, or nothing is said
 * @param resourceVersion the newest of the objects
 */
record PoolerView(
    PoolMode running, boolean failed, Set<Integer> pools, String fault, long resourceVersion) {
  private static final Pattern POOL = Pattern.compile(".*-pool-(\\d+)");

  /** Null when there are none. */
  static PoolerView of(List<GenericKubernetesResource> poolers) {
    PoolMode mode = null;
    boolean failed = false;
    Set<Integer> pools = new HashSet<>();
    for (GenericKubernetesResource pooler : poolers) {
      Matcher pool = POOL.matcher(Labels.name(pooler));
      boolean runs = runs(pooler);
      if (pool.matches()) {
        if (runs || !wanted(pooler)) {
          pools.add(Integer.valueOf(pool.group(1)));
        }
      } else {
        mode = runs ? PoolMode.of(pooler.<String>get("spec", "pgbouncer", "poolMode")) : null;
      }
      failed |= !runs && wanted(pooler) && "failed".equals(pooler.get("status", "phase"));
    }
    String fault =
        poolers.stream()
            .filter(pooler -> !runs(pooler))
            .map(pooler -> pooler.get("status", "phaseReason"))
            .filter(Objects::nonNull)
            .map(reason -> "the connection pooler does not run: " + reason)
            .findFirst()
            .orElse(null);
    long version = poolers.stream().mapToLong(Versions::of).max().orElse(0);
    return poolers.isEmpty() ? null : new PoolerView(mode, failed, pools, fault, version);
  }

  /** One that is being removed is still there. */
  private static boolean wanted(GenericKubernetesResource pooler) {
    return pooler.getMetadata().getDeletionTimestamp() == null;
  }

  /** Releases before 1.30 say nothing of a phase; there it runs once pods are asked for. */
  private static boolean runs(GenericKubernetesResource pooler) {
    Object phase = pooler.get("status", "phase");
    return wanted(pooler)
        && (phase == null
            ? pooler.get("status", "instances") instanceof Number asked && asked.intValue() > 0
            : phase.equals("active"));
  }

  /** Whether a Pooler is for a Cluster. */
  static boolean isOf(GenericKubernetesResource pooler, String cluster) {
    return cluster.equals(pooler.get("spec", "cluster", "name"));
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mooring.core.PoolMode;
import mooring.core.SeenPool;
import mooring.core.SeenPool.Doing;

/**
 * What the Poolers of a Cluster show.
 *
 * @param running the mode of the one for all; null while it does not run
 * @param failed whether that cannot run
 * @param pools the connection pools
 * @param fault why one does not run; null when all run, or nothing is said
 * @param resourceVersion the newest of the objects
 */
record PoolerView(
    PoolMode running, boolean failed, Set<SeenPool> pools, String fault, long resourceVersion) {
  /** On pods, and where their Pooler has it for them: what they were made with. */
  static final String SETTINGS = "mooring/settings";

  /** On a Pooler: the operation that gave it its settings. */
  static final String CHANGED_BY = "mooring/changed-by";

  /** On a Pooler whose PgBouncer is no pod: the generation that its status is about. */
  static final String OBSERVED = "mooring/observed-generation";

  private static final Pattern POOL = Pattern.compile(".*-pool-(\\d+)");

  /** Null when there are none. */
  static PoolerView of(
      List<GenericKubernetesResource> poolers, Function<String, List<Pod>> podsOf) {
    PoolMode mode = null;
    boolean failed = false;
    Set<SeenPool> pools = new HashSet<>();
    String fault = null;
    long version = 0;
    for (GenericKubernetesResource pooler : poolers) {
      List<Pod> pods = podsOf.apply(Labels.name(pooler));
      Doing doing = doing(pooler, pods);
      Matcher pool = POOL.matcher(Labels.name(pooler));
      if (pool.matches()) {
        int number = Integer.parseInt(pool.group(1));
        pools.add(new SeenPool(number, settings(pooler), changedBy(pooler), doing));
      } else {
        boolean runs = doing == Doing.RUNNING;
        mode = runs ? PoolMode.of(pooler.<String>get("spec", "pgbouncer", "poolMode")) : null;
        failed = doing == Doing.FAILED || doing == Doing.FAULTY;
      }
      if (fault == null || doing == Doing.FAILED) {
        String found = fault(pooler, pods, doing);
        fault = found == null ? fault : found;
      }
      version =
          Stream.concat(Stream.of(pooler), pods.stream())
              .mapToLong(Versions::of)
              .reduce(version, Math::max);
    }
    return poolers.isEmpty() ? null : new PoolerView(mode, failed, pools, fault, version);
  }

  /**
   * CloudNativePG calls a Pooler active before it has asked for pods, so its pods are looked at.
   * Where there are none, it is said which generation of the Pooler the status is about.
   */
  private static Doing doing(GenericKubernetesResource pooler, List<Pod> pods) {
    if (pooler.getMetadata().getDeletionTimestamp() != null) {
      return Doing.GOING;
    }
    Object phase = pooler.get("status", "phase");
    String observed = Labels.annotation(pooler, OBSERVED);
    if (observed != null) {
      boolean current = observed.equals(String.valueOf(pooler.getMetadata().getGeneration()));
      return current && "active".equals(phase)
          ? Doing.RUNNING
          : current && "failed".equals(phase) ? Doing.FAILED : Doing.STARTING;
    }
    if ("failed".equals(phase)) {
      return Doing.FAILED;
    }
    if (pods.stream().anyMatch(pod -> PodFaults.ready(pod) && isMadeWith(pod, settings(pooler)))) {
      return Doing.RUNNING;
    }
    return pods.stream().anyMatch(pod -> PodFaults.of(pod).isPresent())
        ? Doing.FAULTY
        : Doing.STARTING;
  }

  private static boolean isMadeWith(Pod pod, String settings) {
    String has = Labels.annotation(pod, SETTINGS);
    return settings.equals(has == null ? "" : has)
        && pod.getMetadata().getDeletionTimestamp() == null;
  }

  /** What a Pooler has its pods made with; empty when it says nothing. */
  static String settings(GenericKubernetesResource pooler) {
    Object settings = pooler.get("spec", "template", "metadata", "annotations", SETTINGS);
    return settings == null ? "" : settings.toString();
  }

  private static UUID changedBy(GenericKubernetesResource pooler) {
    String operation = Labels.annotation(pooler, CHANGED_BY);
    try {
      return operation == null ? null : UUID.fromString(operation);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Null when it runs, or when nothing is said. */
  private static String fault(GenericKubernetesResource pooler, List<Pod> pods, Doing doing) {
    if (doing == Doing.RUNNING || doing == Doing.GOING) {
      return null;
    }
    return Optional.ofNullable(pooler.<Object>get("status", "phaseReason"))
        .map(Object::toString)
        .or(() -> pods.stream().flatMap(pod -> PodFaults.of(pod).stream()).findFirst())
        .or(() -> doing == Doing.FAILED ? Optional.of("it has failed") : Optional.empty())
        .map(reason -> "the connection pooler does not run: " + reason)
        .orElse(null);
  }

  /** Whether a Pooler is for a Cluster. */
  static boolean isOf(GenericKubernetesResource pooler, String cluster) {
    return cluster.equals(pooler.get("spec", "cluster", "name"));
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The status of a Cluster as CloudNativePG reports it (release 1.30, {@code
 * postgresql.cnpg.io/v1}). Each method gives the fields to merge into the one that is there.
 */
final class ClusterStatus {
  private final GenericKubernetesResource cluster;

  ClusterStatus(GenericKubernetesResource cluster) {
    this.cluster = cluster;
  }

  /** Whether its data was made at some time. */
  boolean isInitialized() {
    return new Conditions(cluster).isTrue(Conditions.INITIALIZED);
  }

  /** The primary takes connections; alone it makes a Cluster of one healthy. */
  Map<String, Object> running(
      DatabasePlan plan, int dataMajor, RoleOutcome roles, Optional<Boolean> archiving) {
    ClusterSpec spec = plan.spec();
    boolean whole = spec.instances() == 1;
    boolean upgrade = plan.major() != dataMajor;
    Phase phase = whole ? Phase.HEALTHY : Phase.CREATING_REPLICA;
    String reason = whole ? null : "only the primary runs here; standbys are not available locally";
    if (upgrade) {
      phase = Phase.UPGRADING_MAJOR;
      reason = "the data is of major " + dataMajor + " and cannot be upgraded locally";
    }
    Map<String, Object> status = facts(spec, phase, reason, 1);
    status.put("instances", spec.instances());
    status.put("instancesStatus", nullable("healthy", List.of(spec.primary()), "failed", null));
    if (!upgrade) {
      status.put("image", plan.image());
      status.put("pgDataImageInfo", Map.of("image", plan.image(), "majorVersion", plan.major()));
    }
    status.put("currentPrimary", spec.primary());
    status.put("targetPrimary", spec.primary());
    if (!spec.primary().equals(cluster.get("status", "currentPrimary"))) {
      status.put("currentPrimaryTimestamp", now());
      status.put("targetPrimaryTimestamp", now());
    }
    status.put("secretsResourceVersion", Map.of("applicationSecretVersion", plan.secretVersion()));
    status.putAll(new RoleStatus(cluster).of(plan, roles));
    status.put(
        "conditions",
        new Conditions(cluster)
            .with(Conditions.INITIALIZED, true, "BootstrapCompleted", "Bootstrap is complete")
            .withReady(whole && !upgrade, generation())
            .withArchiving(archiving)
            .without(Conditions.HIBERNATION)
            .list());
    return status;
  }

  /** No server takes connections. */
  Map<String, Object> notReady(Phase phase, String reason) {
    ClusterSpec spec = ClusterSpec.of(cluster);
    Map<String, Object> status = facts(spec, phase, reason, 0);
    boolean initialized = isInitialized();
    status.put("instances", 1);
    status.put(
        "instancesStatus",
        nullable("healthy", null, "failed", initialized ? List.of(spec.primary()) : null));
    Conditions conditions = new Conditions(cluster).withReady(false, generation());
    if (!initialized) {
      conditions =
          conditions.with(
              Conditions.INITIALIZED, false, "BootstrapPending", "Bootstrap is not complete");
    }
    status.put("conditions", conditions.without(Conditions.HIBERNATION).list());
    return status;
  }

  /** The server goes on as it was, since what is asked for now cannot be had. */
  Map<String, Object> stillRunning(Phase phase, String reason) {
    return facts(ClusterSpec.of(cluster), phase, reason, 1);
  }

  /** About to be stopped as asked; clients may still be connected. */
  Map<String, Object> hibernating() {
    Map<String, Object> status = facts(ClusterSpec.of(cluster), Phase.HEALTHY, null, 0);
    status.put(
        "conditions",
        new Conditions(cluster)
            .withReady(false, generation())
            .with(Conditions.HIBERNATION, false, "DeletingPods", "Hibernation is in progress")
            .list());
    return status;
  }

  /** Stopped as asked; the phase stays as it is. */
  Map<String, Object> hibernated() {
    ClusterSpec spec = ClusterSpec.of(cluster);
    Map<String, Object> status = facts(spec, Phase.HEALTHY, null, 0);
    status.put("instancesStatus", nullable("healthy", null, "failed", null));
    status.put(
        "conditions",
        new Conditions(cluster)
            .withReady(false, generation())
            .with(Conditions.HIBERNATION, true, "Hibernated", "Cluster has been hibernated")
            .list());
    return status;
  }

  /** The phase for a Cluster whose server is down and about to be started. */
  Phase starting() {
    return isInitialized() ? Phase.WAITING_FOR_INSTANCES : Phase.SETTING_UP_PRIMARY;
  }

  private int generation() {
    Long generation = cluster.getMetadata().getGeneration();
    return generation == null ? 0 : generation.intValue();
  }

  private static Map<String, Object> facts(
      ClusterSpec spec, Phase phase, String reason, int ready) {
    Map<String, Object> status = new HashMap<>();
    status.put("phase", phase.text());
    status.put("phaseReason", reason);
    status.put("readyInstances", ready);
    status.put("instanceNames", List.of(spec.primary()));
    status.put("latestGeneratedNode", 1);
    status.put("writeService", spec.name() + "-rw");
    status.put("readService", spec.name() + "-r");
    return status;
  }

  private static Map<String, Object> nullable(
      String first, Object firstValue, String second, Object secondValue) {
    Map<String, Object> map = new HashMap<>();
    map.put(first, firstValue);
    map.put(second, secondValue);
    return map;
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

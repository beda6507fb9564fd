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
  private final Topology topology;

  /**
   * @param topology its servers as they are
   */
  ClusterStatus(GenericKubernetesResource cluster, Topology topology) {
    this.cluster = cluster;
    this.topology = topology;
  }

  /** Whether its data was made at some time. */
  boolean isInitialized() {
    return new Conditions(cluster).isTrue(Conditions.INITIALIZED);
  }

  /**
   * The primary takes connections, and its standbys follow it but for those that do not.
   *
   * @param heldBack why the data is not of the version that is planned; empty when it is
   * @param major the version of the data
   * @param failures why some do not, by name
   */
  Map<String, Object> running(
      DatabasePlan plan,
      Optional<String> heldBack,
      int major,
      RoleOutcome roles,
      Optional<Boolean> archiving,
      Map<String, String> failures) {
    ClusterSpec spec = plan.spec();
    boolean whole = topology.isWhole();
    boolean upgrade = heldBack.isPresent();
    Phase phase = whole ? Phase.HEALTHY : Phase.WAITING_FOR_INSTANCES;
    String reason =
        failures.entrySet().stream()
            .map(failure -> failure.getKey() + ": " + failure.getValue())
            .sorted()
            .findFirst()
            .orElse(null);
    if (upgrade) {
      phase = Phase.UPGRADING_MAJOR;
      reason = heldBack.get();
    }
    Map<String, Object> status = facts(phase, reason);
    status.put("instances", spec.instances());
    status.put("instancesStatus", instances());
    if (!upgrade) {
      status.put("image", plan.image());
      status.put("pgDataImageInfo", Map.of("image", plan.image(), "majorVersion", major));
    } else {
      // Its image stays as it is said: the catalogue need not have one any more.
      status.put("pgDataImageInfo", Map.of("majorVersion", major));
    }
    status.put("currentPrimary", topology.primaryName());
    status.put("targetPrimary", topology.primaryName());
    if (!topology.primaryName().equals(cluster.get("status", "currentPrimary"))) {
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

  /** The primary takes no connections, or standbys are missing. */
  Map<String, Object> notReady(Phase phase, String reason) {
    Map<String, Object> status = facts(phase, reason);
    boolean initialized = isInitialized();
    status.put("instances", topology.numbers().size());
    status.put(
        "instancesStatus", initialized ? instances() : nullable("healthy", null, "failed", null));
    Conditions conditions = new Conditions(cluster).withReady(false, generation());
    if (!initialized) {
      conditions =
          conditions.with(
              Conditions.INITIALIZED, false, "BootstrapPending", "Bootstrap is not complete");
    }
    status.put("conditions", conditions.without(Conditions.HIBERNATION).list());
    return status;
  }

  /**
   * Another server is about to take the primary's place: said before it is done.
   *
   * @param target its name
   */
  Map<String, Object> failingOver(String target) {
    Map<String, Object> status = notReady(Phase.FAILING_OVER, null);
    status.put("targetPrimary", target);
    status.put("targetPrimaryTimestamp", now());
    return status;
  }

  /** The server goes on as it was, since what is asked for now cannot be had. */
  Map<String, Object> stillRunning(Phase phase, String reason) {
    Map<String, Object> status = facts(phase, reason);
    if (phase == Phase.INVALID_DEFINITION) { // said of this definition, and of no later one
      status.put("conditions", new Conditions(cluster).withReady(false, generation()).list());
    }
    return status;
  }

  /** About to be stopped as asked; clients may still be connected. */
  Map<String, Object> hibernating() {
    Map<String, Object> status = facts(Phase.HEALTHY, null);
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
    Map<String, Object> status = facts(Phase.HEALTHY, null);
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

  private Map<String, Object> facts(Phase phase, String reason) {
    Map<String, Object> status = new HashMap<>();
    status.put("phase", phase.text());
    status.put("phaseReason", reason);
    status.put("readyInstances", topology.ready().size());
    status.put("instanceNames", topology.names());
    status.put("latestGeneratedNode", topology.numbers().last());
    status.put("writeService", topology.cluster() + "-rw");
    status.put("readService", topology.cluster() + "-r");
    return status;
  }

  private Map<String, Object> instances() {
    return nullable(
        "healthy", orNull(topology.readyNames()), "failed", orNull(topology.failedNames()));
  }

  private static List<String> orNull(List<String> names) {
    return names.isEmpty() ? null : names;
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

package mooring.platform;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import mooring.core.Observation.Condition;

/** CloudNativePG 1.30's words for a Cluster's {@code status.phase}, in the core's. */
final class ClusterPhase {
  static final String HEALTHY = "Cluster in healthy state";
  static final String INVALID = "Invalid cluster definition";

  static final Map<String, Condition> ALL =
      Map.ofEntries(
          entry("Setting up primary", Condition.SETTING_UP),
          entry("Creating a new replica", Condition.SCALING),
          entry("Waiting for the instances to become active", Condition.SCALING),
          entry(HEALTHY, Condition.HEALTHY),
          entry("Upgrading cluster", Condition.ROLLING),
          entry("Upgrading Postgres major version", Condition.UPGRADING_MAJOR),
          entry("Primary instance is being restarted in-place", Condition.RESTARTING),
          entry("Primary instance is being restarted without a switchover", Condition.RESTARTING),
          entry("Applying configuration", Condition.CONFIGURING),
          entry("Promoting to primary cluster", Condition.CONFIGURING),
          entry("Switchover in progress", Condition.FAILING_OVER),
          entry("Failing over", Condition.FAILING_OVER),
          // The operator itself is replaced, or waits to be: the servers go on as they are.
          entry("Online upgrade in progress", Condition.HEALTHY),
          entry("Cluster upgrade delayed", Condition.HEALTHY),
          entry("Waiting for user action", Condition.HEALTHY),
          entry("Cluster is unrecoverable and needs manual intervention", Condition.BROKEN),
          entry(INVALID, Condition.BROKEN),
          entry("Unable to create required cluster objects", Condition.BROKEN),
          entry("Cluster has incomplete or invalid image catalog", Condition.BROKEN),
          entry(
              "Cluster cannot proceed to reconciliation due to an unknown plugin being required",
              Condition.BROKEN),
          entry(
              "Cluster cannot proceed to reconciliation due to an error while interacting with"
                  + " plugins",
              Condition.BROKEN),
          entry(
              "Cluster cannot execute instance online upgrade due to missing architecture binary",
              Condition.BROKEN));

  private ClusterPhase() {}

  /** What a phase means; empty when it is not a word we know. */
  static Optional<Condition> meaning(String phase) {
    return Optional.ofNullable(ALL.get(phase));
  }
}

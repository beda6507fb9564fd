package mooring.local.operator;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import mooring.local.postgres.MajorUpgrade;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings data to the major version that is planned, where that can be done here. */
final class MajorUpgrades {
  private static final Logger log = LoggerFactory.getLogger(MajorUpgrades.class);

  /** Why an upgrade was in vain; it is not tried again until something else was planned. */
  private final Map<String, Failure> failures = new ConcurrentHashMap<>();

  private record Failure(String uid, int major, String reason) {}

  /** Why the data stays at its version; empty when it is of the one that is planned. */
  Optional<String> heldBack(DatabasePlan plan, InstanceFiles files) {
    OptionalInt major = files.data().major();
    if (major.isEmpty() || major.getAsInt() == plan.major()) {
      return Optional.empty();
    }
    Failure failure = failures.get(plan.spec().name());
    return Optional.of(
        failure != null && isOf(failure, plan)
            ? failure.reason()
            : "the data is of major "
                + major.getAsInt()
                + " and cannot be upgraded here"
                + MajorUpgrade.missing(major.getAsInt(), plan.major())
                    .map(missing -> ": " + missing)
                    .orElse(""));
  }

  private static boolean isOf(Failure failure, DatabasePlan plan) {
    return failure.uid().equals(plan.spec().uid()) && failure.major() == plan.major();
  }

  /**
   * Upgrades, once, if that is planned and possible.
   *
   * @param stop stops all servers of the Cluster, in order, and archives what they have left
   */
  void ensure(DatabasePlan plan, InstanceFiles files, Runnable stop) {
    OptionalInt major = files.data().major();
    Failure failure = failures.get(plan.spec().name());
    if (failure != null && !isOf(failure, plan)) {
      failures.remove(plan.spec().name());
    } else if (failure != null) {
      return;
    }
    Optional<MajorUpgrade> upgrade =
        major.isEmpty() ? Optional.empty() : MajorUpgrade.between(major.getAsInt(), plan.major());
    if (upgrade.isEmpty()) {
      return;
    }
    stop.run();
    try {
      upgrade.get().run(files.data());
      log.atInfo()
          .addKeyValue("server", files.name())
          .addKeyValue("from", major.getAsInt())
          .addKeyValue("to", plan.major())
          .log("Data upgraded");
    } catch (PostgresException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e; // the operator ends; it will be begun anew
      }
      log.atWarn().addKeyValue("server", files.name()).setCause(e).log("The upgrade failed");
      failures.put(
          plan.spec().name(),
          new Failure(plan.spec().uid(), plan.major(), String.valueOf(e.getMessage())));
    }
  }
}

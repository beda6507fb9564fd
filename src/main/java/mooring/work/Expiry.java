package mooring.work;

import java.time.Duration;
import java.util.Locale;
import mooring.core.Observation;
import mooring.core.Operation;
import mooring.core.OperationKind;

/** Why an operation was not done by its deadline. */
final class Expiry {
  private Expiry() {}

  /** The reason, for a human. */
  static String reason(Job job, Observation seen) {
    Operation operation = job.operation();
    Duration allowed = Duration.between(operation.startedAt(), operation.deadline());
    String what =
        job.is(OperationKind.ADMINISTER)
            ? "change of users or databases"
            : operation.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String refused = job.copiesContents() ? job.missing() : job.refusal();
    String fault = refused == null ? job.lastFault() : refused;
    String why = fault == null ? observed(seen) : fault;
    return "the " + what + " was not done within " + allowed.toSeconds() + " s: " + why;
  }

  private static String observed(Observation seen) {
    if (seen.condition() == Observation.Condition.ABSENT) {
      return "the platform shows no object of the database";
    }
    String instances = seen.facts().readyInstances() + " of " + seen.facts().instances();
    String message = seen.message() == null ? "" : " (" + seen.message() + ")";
    return instances + " instances ready" + message;
  }
}

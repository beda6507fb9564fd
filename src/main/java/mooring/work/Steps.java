package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.Locale;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import mooring.core.Platform;
import mooring.core.PlatformRefusedException;

/**
 * What is done for an operation, one step at a time. Before each step the lease is renewed, so a
 * worker that has lost it stops there; each step can be repeated without harm.
 */
final class Steps {
  private final OperationStore operations;
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;
  private final Duration lease;

  Steps(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      Observations observations,
      Duration lease) {
    this.operations = operations;
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
    this.lease = lease;
  }

  /** Takes the next step; the instance as it is after the end of the operation, or nothing yet. */
  Maybe<Instance> next(Job job) {
    Operation operation = job.operation();
    return operations
        .renew(operation.id(), operation.attempt(), lease)
        .flatMapMaybe(overdue -> overdue ? expire(job) : advance(job))
        .onErrorResumeNext(
            error ->
                error instanceof PlatformRefusedException
                    ? end(job, Outcome.FAILED, error.getMessage(), null).toMaybe()
                    : Maybe.error(error));
  }

  private Maybe<Instance> advance(Job job) {
    if (job.operation().kind() == OperationKind.DELETE) {
      return remove(job);
    }
    return job.applied() ? conclude(job) : apply(job);
  }

  private Maybe<Instance> apply(Job job) {
    Operation operation = job.operation();
    return instances
        .credentials(job.instance())
        .flatMap(credentials -> platform.apply(job.instance(), credentials))
        .flatMap(version -> operations.applied(operation.id(), operation.attempt(), version))
        .doOnSuccess(job::applied)
        .flatMapMaybe(recorded -> conclude(job));
  }

  private Maybe<Instance> conclude(Job job) {
    Observation seen = observations.of(job.instance().id());
    return Lifecycle.reached(job.instance(), seen)
        ? end(job, Outcome.SUCCEEDED, null, seen.version()).toMaybe()
        : Maybe.empty();
  }

  private Maybe<Instance> remove(Job job) {
    return platform
        .delete(job.instance())
        .flatMapMaybe(
            gone -> gone ? end(job, Outcome.SUCCEEDED, null, null).toMaybe() : Maybe.empty());
  }

  private Maybe<Instance> expire(Job job) {
    Observation seen = observations.of(job.instance().id());
    if (job.applied() && Lifecycle.reached(job.instance(), seen)) {
      return conclude(job);
    }
    return end(job, Outcome.FAILED, expiry(job, seen), null).toMaybe();
  }

  private Single<Instance> end(Job job, Outcome outcome, String reason, Long version) {
    Operation operation = job.operation();
    return operations.end(operation.id(), operation.attempt(), outcome, reason, version);
  }

  private static String expiry(Job job, Observation seen) {
    Operation operation = job.operation();
    Duration allowed = Duration.between(operation.startedAt(), operation.deadline());
    String what = operation.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String why = job.lastFault() != null ? job.lastFault() : observed(seen);
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

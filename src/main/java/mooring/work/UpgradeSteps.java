package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationStore;
import mooring.core.Platform;

/**
 * What only an upgrade to another major version does: once it is real, its data are backed up; when
 * it fails, the version before is brought back first. That it has failed is recorded, so that
 * nobody tries again what takes the database away from its clients.
 */
final class UpgradeSteps {
  /** The servers of the version before come up as after any restart. */
  private static final Duration UNSETTLED = Duration.ofMinutes(10);

  private final OperationStore operations;
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;

  UpgradeSteps(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      Observations observations) {
    this.operations = operations;
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
  }

  /** What is done while it is applied and not undone. */
  Maybe<Instance> conclude(Job job, Fence fence) {
    Observation seen = observations.of(job.instance().id());
    if (Lifecycle.reached(job.instance(), seen)) {
      return settle(job, fence);
    }
    if (Lifecycle.hopeless(job.instance(), seen)) {
      return undo(job, seen.message(), fence);
    }
    return platform
        .upgradeFault(job.instance())
        .flatMap(reason -> undo(job, "the upgrade failed: " + reason, fence));
  }

  private Maybe<Instance> settle(Job job, Fence fence) {
    return platform
        .settle(job.instance(), fence)
        .flatMapMaybe(done -> done && reached(job) ? succeed(job) : Maybe.empty());
  }

  /** Ends it as failed, with the version that was there before; later there is no way back. */
  Maybe<Instance> undo(Job job, String why, Fence fence) {
    return decided(job, why)
        .flatMap(recorded -> platform.downgrade(recorded, fence))
        .flatMapMaybe(
            how ->
                switch (how) {
                  case UNDER_WAY -> job.unsettled().over(UNSETTLED) ? revert(job) : Maybe.empty();
                  case DONE -> revert(job);
                  case TOO_LATE -> finish(job, fence);
                });
  }

  /** The first reason is the one that is told. */
  private Single<Instance> decided(Job job, String why) {
    Operation operation = job.operation();
    return operation.reason() != null
        ? Single.just(job.instance())
        : operations.undoing(operation.id(), operation.attempt(), why).doOnSuccess(job::applied);
  }

  private Maybe<Instance> revert(Job job) {
    Operation operation = job.operation();
    return operations.revert(operation.id(), operation.attempt(), operation.reason()).toMaybe();
  }

  /** The data are of the new version, whatever else is wrong; it may yet come up. */
  private Maybe<Instance> finish(Job job, Fence fence) {
    return instances
        .wantedCredentials(job.instance())
        .flatMap(credentials -> platform.apply(job.instance(), credentials, fence))
        .flatMapMaybe(
            applied -> {
              if (reached(job)) {
                return settle(job, fence);
              }
              return job.unsettled().over(UNSETTLED)
                  ? end(job, Outcome.FAILED, job.operation().reason(), null)
                  : Maybe.empty();
            });
  }

  private boolean reached(Job job) {
    return Lifecycle.reached(job.instance(), observations.of(job.instance().id()));
  }

  private Maybe<Instance> succeed(Job job) {
    return end(job, Outcome.SUCCEEDED, null, observations.of(job.instance().id()).version());
  }

  private Maybe<Instance> end(Job job, Outcome outcome, String reason, Long version) {
    Operation operation = job.operation();
    return operations.end(operation.id(), operation.attempt(), outcome, reason, version).toMaybe();
  }
}

package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.time.Instant;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.KnownFault;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationStore;
import mooring.core.Platform;
import mooring.core.PlatformRefusedException;

/**
 * What only an upgrade to another major version does: once it is real, its data are backed up; when
 * it fails, the version before is brought back first. That it has failed is recorded, so that
 * nobody tries again what takes the database away from its clients.
 */
final class UpgradeSteps {
  private final OperationStore operations;
  private final InstanceStore instances;
  private final Platform platform;
  private final Observations observations;
  private final UpgradePatience patience;

  UpgradeSteps(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      Observations observations,
      UpgradePatience patience) {
    this.operations = operations;
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
    this.patience = patience;
  }

  /**
   * Whether the new version can be asked for now; otherwise to be asked again after a while. The
   * servers of before end first: with the version changes the archive that they would write to.
   */
  Single<Boolean> ready(Job job, Fence fence) {
    return platform
        .quiesce(job.instance(), fence)
        .flatMap(
            quiet ->
                !quiet && job.unquiet().over(patience.stopping())
                    ? Single.error(new PlatformRefusedException(busy(job)))
                    : Single.just(quiet));
  }

  private String busy(Job job) {
    String message = observations.of(job.instance().id()).message();
    return "the servers do not go down" + (message == null ? "" : ": " + message);
  }

  /** What is done while it is applied and not undone. */
  Maybe<Instance> conclude(Job job, Fence fence) {
    Observation seen = observations.of(job.instance().id());
    if (Lifecycle.reached(job.instance(), seen)) {
      return settle(job, fence);
    }
    if (!Lifecycle.hopeless(job.instance(), seen)) {
      job.broken().renew();
    } else if (job.broken().over(patience.broken())) {
      return undo(job, seen.message(), Cause.PLATFORM, fence);
    }
    return platform
        .upgradeFault(job.instance())
        .flatMapSingle(fault -> reason(job, fault))
        .flatMap(reason -> undo(job, reason, Cause.PLATFORM, fence));
  }

  private Single<String> reason(Job job, String fault) {
    Instance upgraded = job.instance();
    return platform
        .upgradeObstacle(upgraded.notUpgraded(), upgraded.spec().version())
        .map(KnownFault.UNSUPPORTED::reason)
        .defaultIfEmpty("the upgrade failed: " + fault);
  }

  private Maybe<Instance> settle(Job job, Fence fence) {
    return platform
        .settle(job.instance(), fence)
        .flatMapMaybe(done -> done && reached(job) ? succeed(job) : Maybe.empty());
  }

  /** Ends it as failed, with the version that was there before; later there is no way back. */
  Maybe<Instance> undo(Job job, String why, Cause cause, Fence fence) {
    return decided(job, why, cause)
        .flatMap(recorded -> platform.downgrade(recorded, fence))
        .flatMapMaybe(
            how ->
                switch (how) {
                  case UNDER_WAY -> over(job, patience.returning()) ? revert(job) : Maybe.empty();
                  case UPGRADING -> {
                    job.unsettled().renew();
                    yield Maybe.empty();
                  }
                  case DONE -> revert(job);
                  case TOO_LATE -> finish(job, fence);
                });
  }

  /** The first reason is the one that is told, and its cause. */
  private Single<Instance> decided(Job job, String why, Cause cause) {
    Operation operation = job.operation();
    return operation.reason() != null
        ? Single.just(job.instance())
        : operations
            .undoing(operation.id(), operation.attempt(), why, cause)
            .doOnSuccess(job::applied);
  }

  /** Whoever takes over begins to wait anew; that has an end, too. */
  private boolean over(Job job, Duration limit) {
    Instant last = job.operation().deadline().plus(patience.copying());
    return job.unsettled().over(limit) || Instant.now().isAfter(last);
  }

  private Maybe<Instance> revert(Job job) {
    Operation operation = job.operation();
    return operations
        .revert(operation.id(), operation.attempt(), operation.reason(), operation.cause())
        .toMaybe();
  }

  /** The data are of the new version, whatever else is wrong: they are backed up as such. */
  private Maybe<Instance> finish(Job job, Fence fence) {
    return instances
        .wantedCredentials(job.instance())
        .flatMap(credentials -> platform.apply(job.instance(), credentials, fence))
        .flatMap(applied -> platform.settle(job.instance(), fence))
        .flatMapMaybe(
            settled -> {
              if (settled && reached(job)) {
                return succeed(job);
              }
              return settled && over(job, patience.copying()) ? fail(job) : Maybe.empty();
            });
  }

  private boolean reached(Job job) {
    return Lifecycle.reached(job.instance(), observations.of(job.instance().id()));
  }

  private Maybe<Instance> succeed(Job job) {
    Operation operation = job.operation();
    long seen = observations.of(job.instance().id()).version();
    return operations
        .end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, seen)
        .toMaybe();
  }

  private Maybe<Instance> fail(Job job) {
    Operation operation = job.operation();
    return operations
        .fail(operation.id(), operation.attempt(), operation.reason(), operation.cause())
        .toMaybe();
  }
}

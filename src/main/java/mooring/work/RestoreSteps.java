package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Lifecycle;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationStore;
import mooring.core.Platform;

/**
 * What only a restore in place does: the servers before go down first and are removed last, once
 * clients are led to the new ones. Until then a failure brings them back.
 */
final class RestoreSteps {
  /** CloudNativePG takes no broken server down, and that is the best reason to restore it. */
  private static final Duration UNQUIET = Duration.ofMinutes(2);

  private final OperationStore operations;
  private final Platform platform;
  private final Observations observations;
  private final SourceArchive archive;

  RestoreSteps(
      OperationStore operations,
      Platform platform,
      Observations observations,
      SourceArchive archive) {
    this.operations = operations;
    this.platform = platform;
    this.observations = observations;
    this.archive = archive;
  }

  /** Whether the new servers can be made now; otherwise to be asked again after a while. */
  Single<Boolean> ready(Job job, Fence fence) {
    return archive
        .sufficient(job)
        .flatMap(sufficient -> sufficient ? quiet(job, fence) : Single.just(false));
  }

  private Single<Boolean> quiet(Job job, Fence fence) {
    return platform
        .quiesce(job.instance(), fence)
        .map(quiet -> quiet || job.unquiet().over(UNQUIET));
  }

  /** Clients are led to the new servers as soon as they could serve. */
  Maybe<Instance> handOver(Job job, Fence fence) {
    return platform
        .handOver(job.instance(), fence)
        .flatMapMaybe(done -> done && reached(job) ? succeed(job) : Maybe.empty());
  }

  /** Ends it as failed, with the servers that were there before; later there is no way back. */
  Maybe<Instance> undo(Job job, String reason, Cause cause, Fence fence) {
    // From here on nothing else is done, also when what has failed is not there any more.
    job.undoing(reason, cause);
    return platform
        .giveBack(job.instance(), fence)
        .flatMapMaybe(
            how ->
                switch (how) {
                  case UNDER_WAY, UPGRADING -> Maybe.empty();
                  case DONE -> revert(job);
                  case TOO_LATE -> finish(job, fence);
                });
  }

  private Maybe<Instance> revert(Job job) {
    Operation operation = job.operation();
    return operations
        .revert(operation.id(), operation.attempt(), job.undoing(), job.cause())
        .toMaybe();
  }

  private Maybe<Instance> finish(Job job, Fence fence) {
    return platform
        .handOver(job.instance(), fence)
        .flatMapMaybe(done -> reached(job) ? succeed(job) : fail(job));
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
        .fail(operation.id(), operation.attempt(), job.undoing(), job.cause())
        .toMaybe();
  }
}

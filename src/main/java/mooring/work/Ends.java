package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Observations;
import mooring.core.Operation;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.OperationStore;

/** How operations end; what has failed is undone before, where there is a way back. */
final class Ends {
  private final OperationStore operations;
  private final Observations observations;
  private final RestoreSteps restores;
  private final UpgradeSteps upgrades;
  private final MigrationSteps migrations;

  Ends(
      OperationStore operations,
      Observations observations,
      RestoreSteps restores,
      UpgradeSteps upgrades,
      MigrationSteps migrations) {
    this.operations = operations;
    this.observations = observations;
    this.restores = restores;
    this.upgrades = upgrades;
    this.migrations = migrations;
  }

  /**
   * The operation is done.
   *
   * @param version of the observation that ended it; null for none
   */
  Maybe<Instance> succeed(Job job, Long version) {
    Operation operation = job.operation();
    return operations
        .end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, version)
        .toMaybe();
  }

  /** It has failed; nothing while its undoing is under way. */
  Maybe<Instance> fail(Job job, String reason, Cause cause) {
    Fence fence = job.fence(operations);
    if (MigrationSteps.concerns(job)) {
      return migrations.fail(job, reason, cause, fence);
    }
    Observation seen = observations.of(job.instance().id());
    if (job.is(OperationKind.UPGRADE) && !Lifecycle.vanished(job.instance(), seen)) {
      return upgrades.undo(job, reason, cause, fence);
    }
    return job.is(OperationKind.RESTORE)
        ? restores.undo(job, reason, cause, fence)
        : operations.fail(job.operation().id(), job.operation().attempt(), reason, cause).toMaybe();
  }
}

package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import java.util.concurrent.TimeUnit;
import mooring.core.Operation;
import mooring.core.OperationStore;

/**
 * Renews an operation's lease while one of its steps is under way. A step may have many calls, and
 * a platform may be slow; whoever took over would begin the step anew and take as long.
 */
final class LeaseKeeper {
  private static final int RENEWALS_PER_LEASE = 4;

  private final OperationStore operations;
  private final WorkerSettings settings;

  LeaseKeeper(OperationStore operations, WorkerSettings settings) {
    this.operations = operations;
    this.settings = settings;
  }

  /** The step, with its lease renewed until it ends, but not for longer than a step may take. */
  <T> Maybe<T> during(Operation operation, Maybe<T> step) {
    long pause = settings.lease().toMillis() / RENEWALS_PER_LEASE;
    Completable renewals =
        Flowable.interval(pause, TimeUnit.MILLISECONDS)
            .take(settings.longestStep().toMillis() / pause)
            .onBackpressureDrop()
            .concatMapCompletable(number -> renewed(operation));
    return step.takeUntil(renewals.andThen(Completable.never()).toFlowable());
  }

  /** Whether it is held still is for the step to find out, at its next write. */
  private Completable renewed(Operation operation) {
    return operations
        .renew(operation.id(), operation.attempt(), settings.lease())
        .ignoreElement()
        .onErrorComplete();
  }
}

package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Changes of the roles and logical databases within databases. */
final class ContentsChanges {
  /** Most are done at once; whoever asked can poll for the others. */
  private static final Duration SETTLING_LIMIT = Duration.ofSeconds(5);

  private static final int RETRY_SECONDS = 5;

  private final Changes changes;
  private final Endings endings;

  ContentsChanges(Changes changes, Endings endings) {
    this.changes = changes;
    this.endings = endings;
  }

  /**
   * Asks for a change.
   *
   * @param password of the role that is made or changed; null when none is
   * @param change makes the new contents of the present ones; equal ones change nothing, whatever
   *     is under way; a {@link ProblemException} refuses
   */
  Single<Instance> ask(
      Caller caller, String shortId, String password, Function<Instance, Contents> change) {
    return changes.decide(
        caller,
        shortId,
        instance -> {
          Instance wanted = instance.containing(change.apply(instance));
          if (wanted.equals(instance)) {
            return Optional.empty();
          }
          changes.requireNow(instance, OperationKind.ADMINISTER);
          return Optional.of(
              changes.of(caller, instance, wanted, OperationKind.ADMINISTER, password));
        });
  }

  /**
   * Waits a while for the end of a change; it goes on afterwards.
   *
   * @return the database after that; {@link Problem.Conflict} with the servers' reason when they
   *     refuse, {@link Problem.Unavailable} when it failed otherwise
   */
  Single<Instance> settled(Single<Instance> change) {
    return change.flatMap(
        one ->
            one.operation().running()
                ? endings
                    .ended(one.id(), one.operation().id(), SETTLING_LIMIT)
                    .doOnSuccess(ContentsChanges::requireDone)
                    .defaultIfEmpty(one)
                : Single.just(one));
  }

  private static void requireDone(Instance ended) {
    Operation operation = ended.operation();
    if (operation.outcome() == Operation.Outcome.FAILED) {
      String reason = operation.reason();
      throw new ProblemException(
          operation.cause() == Operation.Cause.PLATFORM
                  || operation.cause() == Operation.Cause.DEADLINE
              ? new Problem.Unavailable(reason, RETRY_SECONDS)
              : new Problem.Conflict(reason));
    }
  }
}

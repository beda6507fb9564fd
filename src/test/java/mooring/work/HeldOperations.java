package mooring.work;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import mooring.core.Instance;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationStore;

/** Real operations; whoever was given leave to write hears of it when the test says so. */
final class HeldOperations implements OperationStore {
  private final OperationStore real;
  private final CompletableSubject gate = CompletableSubject.create();
  private final AtomicInteger untilHeld;
  private volatile boolean holding;

  /**
   * Holds one answer.
   *
   * @param nth which one, from 1
   */
  HeldOperations(OperationStore real, int nth) {
    this.real = real;
    this.untilHeld = new AtomicInteger(nth);
  }

  boolean holding() {
    return holding;
  }

  void release() {
    gate.onComplete();
  }

  @Override
  public Single<Long> fence(UUID operation, int attempt) {
    return real.fence(operation, attempt)
        .flatMap(
            token -> {
              if (untilHeld.decrementAndGet() != 0) {
                return Single.just(token);
              }
              holding = true;
              return gate.andThen(Single.just(token));
            });
  }

  @Override
  public Single<Instance> undoing(UUID operation, int attempt, String reason, Cause cause) {
    return real.undoing(operation, attempt, reason, cause);
  }

  @Override
  public Single<Instance> revert(UUID operation, int attempt, String reason, Cause cause) {
    return real.revert(operation, attempt, reason, cause);
  }

  @Override
  public Single<List<Instance>> claim(String owner, Duration lease, int limit) {
    return real.claim(owner, lease, limit);
  }

  @Override
  public Single<Boolean> renew(UUID operation, int attempt, Duration lease) {
    return real.renew(operation, attempt, lease);
  }

  @Override
  public Single<Instance> applied(UUID operation, int attempt, long version) {
    return real.applied(operation, attempt, version);
  }

  @Override
  public Single<Instance> record(UUID operation, int attempt, UnaryOperator<Instance> change) {
    return real.record(operation, attempt, change);
  }

  @Override
  public Single<Instance> end(
      UUID operation, int attempt, Outcome outcome, String reason, Long version) {
    return real.end(operation, attempt, outcome, reason, version);
  }

  @Override
  public Single<Instance> fail(UUID operation, int attempt, String reason, Cause cause) {
    return real.fail(operation, attempt, reason, cause);
  }
}

package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Changes that say only how a database is to be; which operation that takes follows from it. */
final class Revisions {
  private final Changes changes;
  private final Clock clock;

  Revisions(Changes changes, Clock clock) {
    this.changes = changes;
    this.clock = clock;
  }

  /** See {@link Instances#revise}. */
  Single<Revised> revise(
      Caller caller, String shortId, boolean wished, UnaryOperator<Instance> wish) {
    return Single.defer(
        () -> {
          AtomicReference<UUID> before = new AtomicReference<>();
          return changes
              .decide(
                  caller,
                  shortId,
                  instance -> {
                    before.set(instance.operation().id());
                    return revision(caller, instance, wished, wish.apply(instance));
                  })
              .map(after -> new Revised(after, !after.operation().id().equals(before.get())));
        });
  }

  private Optional<Change> revision(
      Caller caller, Instance instance, boolean wished, Instance wish) {
    Instance wanted = fitting(wish, instance);
    boolean on = wanted.setup().policy().deletionProtected();
    boolean same = wanted.equals(instance.deletionProtected(on));
    if (same && !(wished && failed(instance))) {
      return wanted.equals(instance)
          ? Optional.empty()
          : Optional.of(Change.ofRules(wanted, caller.token()));
    }
    OperationKind kind = same ? instance.operation().kind() : kind(instance, wanted);
    Replicas.requireNoPoolers(wanted);
    changes.requireNow(instance, kind);
    Instance asked = kind == OperationKind.RESTART ? wanted.restarted(clock.instant()) : wanted;
    return Optional.of(changes.of(caller, instance, asked, kind, null));
  }

  /**
   * Settings that need a restart are real only after one. It is asked for, since the platform says
   * nothing when such a setting is what the servers have by themselves.
   */
  private static OperationKind kind(Instance before, Instance wanted) {
    if (!wanted.spec().version().equals(before.spec().version())) {
      return OperationKind.UPGRADE;
    }
    if (!wanted.spec().equals(before.spec())) {
      return OperationKind.RESIZE;
    }
    return RestartParameters.differ(before, wanted) ? OperationKind.RESTART : OperationKind.UPDATE;
  }

  /** Settings that do not fit another size go back to what follows from that. */
  private static Instance fitting(Instance wanted, Instance before) {
    if (wanted.spec().equals(before.spec())) {
      return wanted;
    }
    Map<String, String> kept =
        PostgresParameters.fitting(wanted.setup().parameters(), wanted.spec());
    return wanted.wanted(
        wanted.spec(), wanted.desired(), wanted.setup().withParameters(kept), wanted.attributes());
  }

  /** Whatever the servers look like: settings that were refused leave them as healthy as before. */
  private static boolean failed(Instance instance) {
    Operation latest = instance.operation();
    boolean change =
        switch (latest.kind()) {
          case RESIZE, UPDATE, RESTART -> true;
          default -> false;
        };
    return change && latest.outcome() == Operation.Outcome.FAILED;
  }
}

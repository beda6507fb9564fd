package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import mooring.core.Contents;
import mooring.core.Instance;
import mooring.core.LeaseLostException;
import mooring.core.Migration.Phase;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.OperationStore;
import mooring.store.OperationTable.Ending;

/** The operations as the worker sees them, in PostgreSQL. */
final class PgOperations implements OperationStore {
  private static final int REASON = 2_000;

  private final Database database;
  private final Passwords passwords;
  private final RolePasswords rolePasswords;

  PgOperations(Database database, Passwords passwords, RolePasswords rolePasswords) {
    this.database = database;
    this.passwords = passwords;
    this.rolePasswords = rolePasswords;
  }

  @Override
  public Single<List<Instance>> claim(String owner, Duration lease, int limit) {
    return database.transaction(
        tx ->
            OperationTable.claim(tx, owner, lease, limit)
                .flatMap(
                    ids -> ids.isEmpty() ? Single.just(List.of()) : InstanceTable.get(tx, ids)));
  }

  @Override
  public Single<Boolean> renew(UUID operation, int attempt, Duration lease) {
    return database
        .statement(client -> OperationTable.renew(client, operation, attempt, lease))
        .switchIfEmpty(Single.error(LeaseLostException::new));
  }

  @Override
  public Single<Long> fence(UUID operation, int attempt) {
    return database
        .statement(client -> OperationTable.fence(client, operation, attempt))
        .switchIfEmpty(Single.error(LeaseLostException::new));
  }

  @Override
  public Single<Instance> applied(UUID operation, int attempt, long version) {
    return write(
        operation,
        (tx, instance) ->
            OperationTable.applied(tx, operation, attempt, version)
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .ignoreElement());
  }

  @Override
  public Single<Instance> end(
      UUID operation, int attempt, Outcome outcome, String reason, Long version) {
    if (outcome == Outcome.RUNNING) {
      return Single.error(new IllegalArgumentException("an operation does not end as RUNNING"));
    }
    return end(operation, attempt, new Ending(outcome, reason, null, version));
  }

  @Override
  public Single<Instance> fail(UUID operation, int attempt, String reason, Cause cause) {
    return end(operation, attempt, new Ending(Outcome.FAILED, reason, cause, null));
  }

  private Single<Instance> end(UUID operation, int attempt, Ending ending) {
    return write(
        operation,
        (tx, instance) ->
            OperationTable.end(tx, operation, attempt, ending)
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .flatMapCompletable(
                    kind ->
                        switch (kind) {
                          case MIGRATE, STOP_MIGRATION ->
                              migrated(tx, instance, operation, kind, ending);
                          default -> conclude(tx, instance, kind, ending.outcome());
                        })
                .andThen(AuditTable.ended(tx, operation, ending.outcome(), ending.reason())));
  }

  @Override
  public Single<Instance> undoing(UUID operation, int attempt, String reason, Cause cause) {
    return write(
        operation,
        (tx, instance) ->
            OperationTable.undoing(tx, operation, attempt, reason, cause)
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .ignoreElement());
  }

  @Override
  public Single<Instance> record(UUID operation, int attempt, UnaryOperator<Instance> change) {
    return write(
        operation,
        (tx, instance) ->
            OperationTable.fence(tx, operation, attempt)
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .flatMapMaybe(held -> InstanceTable.get(tx, instance))
                .flatMapCompletable(row -> InstanceTable.change(tx, change.apply(row), operation)));
  }

  @Override
  public Single<Instance> revert(UUID operation, int attempt, String reason, Cause cause) {
    return write(
        operation,
        (tx, instance) ->
            OperationTable.end(
                    tx, operation, attempt, new Ending(Outcome.FAILED, reason, cause, null))
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .flatMapCompletable(
                    kind ->
                        InstanceTable.get(tx, instance)
                            .map(
                                row ->
                                    kind == OperationKind.UPGRADE
                                        ? row.notUpgraded()
                                        : row.unrestored())
                            .flatMapCompletable(row -> InstanceTable.change(tx, row, operation)))
                .andThen(AuditTable.ended(tx, operation, Outcome.FAILED, reason)));
  }

  private Completable conclude(
      SqlConnection tx, UUID instance, OperationKind kind, Outcome outcome) {
    if (kind == OperationKind.RESET_PASSWORD) {
      return passwords.settle(tx, instance, outcome);
    }
    if (kind == OperationKind.ADMINISTER) {
      boolean done = outcome == Outcome.SUCCEEDED;
      return settle(tx, instance, contents -> contents.settled(done), done);
    }
    if (kind == OperationKind.PROMOTE && outcome == Outcome.SUCCEEDED) {
      return InstanceTable.get(tx, instance)
          .flatMapCompletable(row -> InstanceTable.setUp(tx, instance, row.detached().setup()));
    }
    if (kind != OperationKind.DELETE) {
      return Completable.complete();
    }
    return outcome == Outcome.SUCCEEDED
        ? InstanceTable.bury(tx, instance).andThen(PgBackups.bury(tx, instance))
        : settle(tx, instance, Contents::abandoned, false);
  }

  /** As the operation has it. */
  private static String cut(String reason) {
    return reason == null || reason.length() <= REASON ? reason : reason.substring(0, REASON);
  }

  /** What was begun and is not there has been taken back; after a failed stop nobody knows. */
  private static Completable migrated(
      SqlConnection tx, UUID instance, UUID operation, OperationKind kind, Ending ending) {
    boolean stop = kind == OperationKind.STOP_MIGRATION;
    boolean done = ending.outcome() == Outcome.SUCCEEDED;
    Phase phase = stop ? Phase.STOPPED : done ? Phase.DONE : Phase.FAILED;
    return InstanceTable.get(tx, instance)
        .map(
            row ->
                row.containing(
                        stop && !done ? row.contents().abandoned() : row.contents().settled(false))
                    .migrating(
                        stop && !done
                            ? row.migration()
                            : row.migration().ended(phase, cut(ending.reason()))))
        .flatMapCompletable(row -> InstanceTable.change(tx, row, operation))
        .andThen(MigrationPasswords.erase(tx, instance));
  }

  private Completable settle(
      SqlConnection tx, UUID id, UnaryOperator<Contents> settlement, boolean done) {
    return InstanceTable.get(tx, id)
        .flatMapCompletable(
            instance -> {
              Contents settled = settlement.apply(instance.contents());
              return InstanceTable.contain(tx, id, settled)
                  .andThen(ReplicaTable.contain(tx, id, settled))
                  .andThen(rolePasswords.settle(tx, id, settled, done));
            });
  }

  /** Writes under the instance's lock, which comes before its operation's, as in every change. */
  private Single<Instance> write(
      UUID operation, BiFunction<SqlConnection, UUID, Completable> update) {
    return database.transaction(
        tx ->
            OperationTable.lockInstance(tx, operation)
                .switchIfEmpty(Single.error(LeaseLostException::new))
                .flatMap(
                    instance ->
                        update.apply(tx, instance).andThen(InstanceTable.publish(tx, instance))));
  }
}

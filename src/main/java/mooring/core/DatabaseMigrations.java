package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import java.util.function.Consumer;

/** What can be done with the migrations into databases. */
public final class DatabaseMigrations {
  private final Changes changes;

  DatabaseMigrations(Changes changes) {
    this.changes = changes;
  }

  /**
   * Asks for a migration into a database that runs.
   *
   * @param check sees the database as it is; a {@link ProblemException} refuses
   */
  public Single<Instance> begin(
      Caller caller, String shortId, MigrationWish wish, Consumer<Instance> check) {
    return changes.ask(
        caller,
        shortId,
        OperationKind.MIGRATE,
        wish.password(),
        check,
        one -> one.migrating(Migration.of(wish.source()).begun()));
  }

  /** Begins the one that a database was asked for with; nobody asks for it again. */
  public Single<Instance> begin(Instance instance) {
    return changes.ask(
        new Caller(instance.tenant(), null, null),
        instance.shortId(),
        OperationKind.MIGRATE,
        null,
        DatabaseMigrations::requireWaiting,
        one -> one.migrating(one.migration().begun()));
  }

  /**
   * Stops the one that is under way: what was copied stays. One that has not begun is withdrawn,
   * which takes no operation; a stop that has failed can be asked for again.
   *
   * @return {@link Problem.NotFound} when none is under way
   */
  public Single<Revised> stop(Caller caller, String shortId) {
    return changes
        .decide(
            caller,
            shortId,
            one -> {
              if (waiting(one)) {
                Migration stopped = one.migration().ended(Migration.Phase.STOPPED, null);
                return Optional.of(Change.ofRules(one.migrating(stopped), caller.token()));
              }
              if (!underWay(one) && !unstopped(one)) {
                throw new ProblemException(
                    new Problem.NotFound("no migration is running on the database"));
              }
              changes.requireNow(one, OperationKind.STOP_MIGRATION);
              return Optional.of(changes.of(caller, one, one, OperationKind.STOP_MIGRATION, null));
            })
        .map(after -> new Revised(after, stopping(after)));
  }

  private static boolean stopping(Instance one) {
    return one.operation().kind() == OperationKind.STOP_MIGRATION && one.operation().running();
  }

  /** Whether what copies may go on, although it was to be stopped. */
  private static boolean unstopped(Instance one) {
    return one.operation().kind() == OperationKind.STOP_MIGRATION
        && one.operation().outcome() == Operation.Outcome.FAILED;
  }

  /** Whether one is under way. */
  private static boolean underWay(Instance one) {
    return one.operation().kind() == OperationKind.MIGRATE && one.operation().running();
  }

  /** Whether one begins as soon as a database runs. */
  public static boolean waiting(Instance one) {
    return one.migration() != null && one.migration().phase() == Migration.Phase.WAITING;
  }

  private static void requireWaiting(Instance one) {
    if (!waiting(one)) {
      throw new ProblemException(new Problem.Conflict("another replica was first"));
    }
  }
}

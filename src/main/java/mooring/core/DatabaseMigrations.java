package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.util.function.Consumer;

/** What can be done with the migrations into databases. */
public final class DatabaseMigrations {
  private final Instances instances;

  DatabaseMigrations(Instances instances) {
    this.instances = instances;
  }

  /**
   * Asks for a migration into a database that runs.
   *
   * @param check sees the database as it is; a {@link ProblemException} refuses
   */
  public Single<Instance> begin(
      Caller caller, String shortId, MigrationWish wish, Consumer<Instance> check) {
    return instances.change(
        caller,
        shortId,
        OperationKind.MIGRATE,
        wish.password(),
        check,
        one -> one.migrating(Migration.of(wish.source()).begun()));
  }

  /** Begins the one that a database was asked for with; nobody asks for it again. */
  public Single<Instance> begin(Instance instance) {
    return instances.change(
        new Caller(instance.tenant(), null, null),
        instance.shortId(),
        OperationKind.MIGRATE,
        null,
        DatabaseMigrations::requireWaiting,
        one -> one.migrating(one.migration().begun()));
  }

  /**
   * Stops the one that is under way: what was copied stays.
   *
   * @return the database with the operation of that; {@link Problem.NotFound} when none is under
   *     way, {@link Problem.NotNow} when it has not begun
   */
  public Single<Instance> stop(Caller caller, String shortId) {
    return instances.change(
        caller,
        shortId,
        OperationKind.STOP_MIGRATION,
        null,
        one -> {
          if (!underWay(one) && !waiting(one)) {
            throw new ProblemException(
                new Problem.NotFound("no migration is running on the database"));
          }
        },
        one -> one);
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

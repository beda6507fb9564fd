package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.LogicalDatabase;
import mooring.core.Migration;
import mooring.core.Migration.Copy;
import mooring.core.MigrationProgress;
import mooring.core.MigrationProgress.Found;
import mooring.core.MigrationProgress.State;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports from elsewhere, step by step. */
class MigrationTest extends WorkerBench {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final MigrationProgress RUNNING = MigrationProgress.of(State.RUNNING, null);
  private static final MigrationProgress OCCUPIED = MigrationProgress.of(State.OCCUPIED, null);
  private static final MigrationProgress DONE = MigrationProgress.of(State.DONE, null);

  private Instance migrate(String host, Duration deadline) {
    return migrate(running(), host, deadline);
  }

  private Instance migrate(Instance known, String host, Duration deadline) {
    Migration.Source source = new Migration.Source(host, 5432, "app", "postgres", null);
    return change(
        snapshot(known).migrating(Migration.of(source).begun()),
        OperationKind.MIGRATE,
        deadline,
        "source-secret");
  }

  private static MigrationProgress has(Found... found) {
    return new MigrationProgress(State.DONE, null, List.of(found));
  }

  private static List<String> databases(Instance instance) {
    return instance.contents().databases().stream().map(LogicalDatabase::name).toList();
  }

  private List<Copy> copies(Instance database) {
    return snapshot(database).migration().copies();
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(strings = {"", "refused by a webhook"})
  void itEndsAlsoWhenWhatCopiesDoesNot(String why) {
    Instance known = running();
    worker.close();
    platform.migrating(null, has(new Found("shop", false)));
    platform.migrating("shop", MigrationProgress.of(State.FAILED, "no space left"));
    platform.lingering = why;
    try (Worker hasty = hasty("two")) {
      hasty.start();
      Instance database = migrate(known, "192.0.2.9", LONG);
      awaitOutcome(database, Outcome.FAILED);
      assertThat(snapshot(database).operation().reason())
          .isEqualTo("not copied: shop: no space left");
      assertThat(databases(snapshot(database))).as("nobody knows").containsExactly("shop");
    }
  }

  @Test
  void whatTheSourceHasIsMadeAndCopiedOneAfterTheOther() {
    platform.migrating(null, RUNNING);
    Instance database = migrate("192.0.2.9", LONG);
    await().until(() -> platform.migrated().contains("list 192.0.2.9 source-secret"));
    assertThat(state(database)).isEqualTo(InstanceState.UPDATING);
    platform.migrating("shop", RUNNING);
    platform.migrating("web", RUNNING);
    platform.migrating(
        null, has(new Found("shop", false), new Found("taken", true), new Found("web", false)));
    await().until(() -> platform.migrated().contains("0 shop 192.0.2.9 source-secret"));
    assertThat(snapshot(database).contents().databases())
        .allMatch(one -> one.stage() == Stage.MAKING && one.owner().equals(database.owner()));
    assertThat(databases(snapshot(database))).containsExactly("shop", "web");
    assertThat(platform.migrated()).noneMatch(one -> one.contains("web"));

    platform.migrating("shop", DONE);
    await().until(() -> platform.migrated().contains("2 web 192.0.2.9 source-secret"));
    assertThat(copies(database))
        .containsExactly(
            Copy.of("shop").done(),
            Copy.of("taken").failed("the database of this name here is not empty"),
            Copy.of("web"));
    platform.migrating("web", DONE);

    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason())
        .isEqualTo("partial: not copied: taken: the database of this name here is not empty");
    assertThat(databases(snapshot(database))).containsExactly("shop", "web");
    assertThat(snapshot(database).contents().databases())
        .allMatch(one -> one.stage() == Stage.THERE);
    assertThat(snapshot(database).migration().phase()).isEqualTo(Migration.Phase.FAILED);
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void allThatIsCopiedIsASuccess() {
    platform.migrating(null, has(new Found("shop", false)));
    platform.migrating("shop", DONE);
    Instance database = migrate("192.0.2.9", LONG);
    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(snapshot(database).migration().phase()).isEqualTo(Migration.Phase.DONE);
    assertThat(platform.migrated()).last().isEqualTo("end");
    assertThat(store.instances().migrationPassword(database).blockingGet()).isEmpty();
  }

  @Test
  void aDeniedHostIsNeverConnectedTo() {
    Instance database = migrate("localhost", LONG);
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason()).startsWith("forbidden: ");
    assertThat(platform.migrated()).containsOnly("end");
  }

  @Test
  void whatFailsIsRemovedAndTold() {
    platform.migrating(null, has(new Found("shop", false)));
    platform.migrating("shop", MigrationProgress.of(State.FAILED, "no space left"));
    Instance database = migrate("192.0.2.9", LONG);
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason())
        .isEqualTo("not copied: shop: no space left");
    assertThat(platform.takenBack().databases()).hasSize(1);
    assertThat(databases(snapshot(database))).isEmpty();
    assertThat(copies(database)).containsExactly(Copy.of("shop").failed("no space left"));
  }

  @Test
  void aSourceThatCannotBeAskedOrHasNothingIsAFailure() {
    platform.migrating(null, MigrationProgress.of(State.FAILED, "unsupported: no pg_dump"));
    Instance database = migrate("192.0.2.9", LONG);
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason()).isEqualTo("unsupported: no pg_dump");
    platform.migrating(null, has());
    Instance again =
        change(
            snapshot(database).migrating(snapshot(database).migration().begun()),
            OperationKind.MIGRATE,
            LONG,
            "");
    awaitOutcome(again, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason()).contains("has no database to copy");
  }

  /** A copy came to its end unheard, and perhaps clients have written since. */
  @Test
  void whatIsThereBeforeACopyStaysAsItIs() {
    Instance known = running();
    String there = known.database();
    platform.migrating(null, has(new Found(there, false), new Found("shop", false)));
    platform.migrating(there, OCCUPIED);
    platform.migrating("shop", DONE);
    Instance database = migrate(known, "192.0.2.9", LONG);
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason())
        .startsWith(
            "partial: not copied: " + there + ": the database of this name here is not empty");
    assertThat(platform.migrated()).filteredOn(one -> one.contains(" " + there + " ")).hasSize(1);
    assertThat(copies(database)).last().isEqualTo(Copy.of("shop").done());
  }

  @Test
  void whatItMadeItselfAndDidNotFinishIsMadeAgainOnce() {
    platform.migrating(null, has(new Found("shop", false), new Found("web", false)));
    platform.migrating("shop", OCCUPIED);
    platform.migratingAnew("shop", DONE);
    platform.migrating("web", OCCUPIED);
    Instance database = migrate("192.0.2.9", LONG);
    awaitOutcome(database, Outcome.FAILED);
    assertThat(copies(database).get(0)).isEqualTo(Copy.of("shop").done());
    assertThat(copies(database).get(1).error()).contains("whose end is not known");
    assertThat(databases(snapshot(database))).containsExactly("shop");
  }

  @Test
  void theAddressIsThatOfTheFirstLook() {
    platform.migrating(null, RUNNING);
    Instance database = migrate("192.0.2.9", LONG);
    await().until(() -> platform.migrated().size() > 1);
    assertThat(snapshot(database).migration().address()).isEqualTo("192.0.2.9");
    assertThat(snapshot(database).migration().listed()).isFalse();
  }

  @Test
  void namesThatPostgresqlCannotHaveAreNotMade() {
    String wide = "ä".repeat(32);
    platform.migrating(null, has(new Found(wide, false), new Found("a\u0001b", false)));
    Instance database = migrate("192.0.2.9", LONG);
    awaitOutcome(database, Outcome.FAILED);
    assertThat(copies(database))
        .allMatch(copy -> copy.error().equals("a database cannot have this name here"));
    assertThat(databases(snapshot(database))).isEmpty();
  }

  @Test
  void aStopEndsItAndWhatWasCopiedStays() {
    platform.migrating(null, has(new Found("shop", false), new Found("web", false)));
    platform.migrating("shop", DONE);
    platform.migrating("web", RUNNING);
    Instance database = migrate("192.0.2.9", LONG);
    await().until(() -> platform.migrated().contains("1 web 192.0.2.9 source-secret"));

    Instance stopped = change(snapshot(database), OperationKind.STOP_MIGRATION, LONG, null);
    awaitOutcome(stopped, Outcome.SUCCEEDED);

    assertThat(platform.migrated()).contains("end");
    assertThat(databases(snapshot(database))).containsExactly("shop");
    assertThat(snapshot(database).migration().phase()).isEqualTo(Migration.Phase.STOPPED);
  }

  @Test
  void whoeverTakesOverGoesOn() {
    platform.migrating(null, has(new Found("shop", false), new Found("web", false)));
    platform.migrating("shop", DONE);
    platform.migrating("web", RUNNING);
    Instance database = migrate("192.0.2.9", LONG);
    await().until(() -> platform.migrated().contains("1 web 192.0.2.9 source-secret"));
    worker.close();
    platform.migrated().clear();
    platform.migrating("web", DONE);
    try (Worker second = worker("two")) {
      second.start();
      awaitOutcome(database, Outcome.SUCCEEDED);
    }
    assertThat(platform.migrated())
        .noneMatch(one -> one.startsWith("list") || one.contains("shop"));
  }

  @Test
  void itEndsByItsDeadline() {
    platform.migrating(null, RUNNING);
    Instance database = migrate("192.0.2.9", Duration.ofSeconds(1));
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason()).contains("was not done within 1 s");
  }
}

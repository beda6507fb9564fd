package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Lineage;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Platform.Return;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;

/** Upgrades to another major version: when they are done, and what becomes of those that fail. */
class UpgradeTest extends WorkerBench {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void itIsDoneWhenTheDataAreUpgradedAndBackedUp() {
    Instance database = running();
    platform.replaced = false;
    upgrade(database, LONG);
    awaitApplied(database);
    // What still serves with the version of before is not it.
    observe(database, "16", Condition.HEALTHY);
    observe(database, "16", Condition.UPGRADING_MAJOR);
    assertThat(state(database)).isEqualTo(InstanceState.UPGRADING);
    assertThat(platform.succession).containsExactly("quiesce");

    observe(database, "17", Condition.SCALING);
    assertThat(snapshot(database).operation().running()).isTrue();
    observe(database, "17", Condition.HEALTHY);
    String archive = database.objectName() + "-pg17";
    await().until(() -> platform.succession.contains("settle " + archive));
    assertThat(snapshot(database).operation().running()).isTrue();
    platform.replaced = true;
    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
    assertThat(snapshot(database).spec().version()).isEqualTo("17");
    assertThat(platform.succession).containsExactly("quiesce", "settle " + archive);
  }

  @Test
  void theNewVersionIsAskedForOnceTheServersOfBeforeAreDown() {
    Instance database = running();
    platform.quiet = false;
    int applies = platform.applies();
    upgrade(database, LONG);
    await().until(() -> platform.succession.contains("quiesce"));
    observe(database, "16", Condition.STOPPING);
    assertThat(platform.applies()).isEqualTo(applies);
    assertThat(state(database)).isEqualTo(InstanceState.UPGRADING);
    platform.quiet = true;
    awaitApplied(database);
    observe(database, "17", Condition.HEALTHY);
    awaitOutcome(database, Outcome.SUCCEEDED);
  }

  @Test
  void serversThatDoNotGoDownKeepTheirVersion() {
    Instance database = running();
    platform.quiet = false;
    int applies = platform.applies();
    hastily(
        () -> {
          upgrade(database, LONG);
          awaitOutcome(database, Outcome.FAILED);
        });
    assertThat(platform.applies()).isEqualTo(applies);
    assertThat(platform.succession).containsExactly("quiesce", "downgrade");
    Instance back = snapshot(database);
    assertThat(back.operation().reason()).startsWith("the servers do not go down");
    assertThat(back.spec().version()).isEqualTo("16");
  }

  @Test
  void whatThePlatformGivesUpBringsTheVersionOfBeforeBack() {
    Instance database = running();
    platform.back = Return.UNDER_WAY;
    upgrade(database, LONG);
    awaitApplied(database);
    platform.fault = "no room";
    observe(database, "16", Condition.UPGRADING_MAJOR);
    await().until(() -> platform.succession.contains("downgrade"));
    assertThat(state(database)).isEqualTo(InstanceState.UPGRADING);

    observe(database, "16", Condition.HEALTHY);
    platform.back = Return.DONE;
    awaitOutcome(database, Outcome.FAILED);
    Instance back = snapshot(database);
    assertThat(back.operation().reason()).isEqualTo("the upgrade failed: no room");
    assertThat(back.operation().cause()).isEqualTo(Cause.PLATFORM);
    assertThat(back.spec()).isEqualTo(database.spec());
    assertThat(back.setup().lineage()).isEqualTo(Lineage.FIRST);
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
    assertThat(platform.succession).containsExactly("quiesce", "downgrade");
  }

  @Test
  void itsReasonIsWhatTheInstallationLacksWhereThatIsKnown() {
    Instance database = running();
    platform.obstacle = "no programs";
    platform.fault = "it cannot be done";
    upgrade(database, LONG);
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason())
        .isEqualTo("unsupported: 16-17: no programs");
    assertThat(snapshot(database).spec().version()).isEqualTo("16");
  }

  @Test
  void serversThatDoNotComeBackHoldTheEndUpForAWhileOnly() {
    Instance database = running();
    platform.back = Return.UNDER_WAY;
    platform.fault = "no room";
    hastily(
        () -> {
          upgrade(database, LONG);
          awaitOutcome(database, Outcome.FAILED);
        });
    assertThat(snapshot(database).spec().version()).isEqualTo("16");
  }

  @Test
  void dataThatAreBeingUpgradedAreNeitherBrokenOffNorGivenUp() {
    Instance database = running();
    platform.back = Return.UPGRADING;
    hastily(
        () -> {
          upgrade(database, Duration.ofSeconds(1));
          await().until(() -> platform.succession.contains("downgrade"));
          Instant later = Instant.now().plusSeconds(3);
          await().until(() -> Instant.now().isAfter(later));
          assertThat(snapshot(database).operation().running()).isTrue();
          // In this order: there is no patience with data that are upgraded and do not serve.
          observe(database, "17", Condition.HEALTHY);
          platform.back = Return.TOO_LATE;
          awaitOutcome(database, Outcome.SUCCEEDED);
        });
    assertThat(snapshot(database).spec().version()).isEqualTo("17");
  }

  @Test
  void upgradedDataAreBackedUpAlsoWhenNotAllServersComeUp() {
    Instance database = running();
    platform.back = Return.TOO_LATE;
    hastily(
        () -> {
          upgrade(database, Duration.ofSeconds(1));
          awaitOutcome(database, Outcome.FAILED);
        });
    Instance kept = snapshot(database);
    assertThat(kept.spec().version()).isEqualTo("17");
    assertThat(platform.succession).contains("settle " + database.objectName() + "-pg17");
  }

  @Test
  void whatGoesByIsNoEnd() {
    Instance database = running();
    upgrade(database, LONG);
    awaitApplied(database);
    observe(database, "16", Condition.BROKEN);
    observe(database, "16", Condition.UPGRADING_MAJOR);
    observe(database, "17", Condition.HEALTHY);
    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(platform.succession).doesNotContain("downgrade");
  }

  @Test
  void whatThePlatformCallsBrokenForLongIsUndone() {
    Instance database = running();
    hastily(
        () -> {
          upgrade(database, LONG);
          awaitApplied(database);
          observe(database, "16", Condition.BROKEN);
          awaitOutcome(database, Outcome.FAILED);
        });
    assertThat(snapshot(database).operation().reason()).isEqualTo("no image");
    assertThat(snapshot(database).spec().version()).isEqualTo("16");
  }

  @Test
  void whatIsNotDoneInTimeIsUndoneUnlessTheDataAreUpgraded() {
    Instance database = running();
    upgrade(database, Duration.ofSeconds(2));
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason()).startsWith("the upgrade was not done");
    assertThat(snapshot(database).operation().cause()).isEqualTo(Cause.DEADLINE);
    assertThat(snapshot(database).spec().version()).isEqualTo("16");
    observe(database, "16", Condition.HEALTHY);

    platform.succession.clear();
    platform.back = Return.TOO_LATE;
    upgrade(snapshot(database), Duration.ofSeconds(2));
    await().until(() -> platform.succession.contains("downgrade"));
    observe(database, "17", Condition.HEALTHY);
    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(snapshot(database).spec().version()).isEqualTo("17");
    assertThat(platform.succession).contains("settle " + database.objectName() + "-pg17");
  }

  @Test
  void whoTakesOverWhatIsBeingUndoneTriesNothingAgain() {
    Instance database = running();
    worker.close();
    upgrade(database, LONG);
    Instance claimed = claimedByTheDead();
    Instance unused =
        store
            .operations()
            .undoing(
                claimed.operation().id(), claimed.operation().attempt(), "no room", Cause.PLATFORM)
            .blockingGet();
    int applies = platform.applies();

    Worker other = worker("other");
    try {
      other.start();
      awaitOutcome(database, Outcome.FAILED);
      assertThat(platform.applies()).isEqualTo(applies);
      assertThat(platform.succession).containsExactly("downgrade");
      assertThat(snapshot(database).operation().reason()).isEqualTo("no room");
      assertThat(snapshot(database).operation().cause()).isEqualTo(Cause.PLATFORM);
    } finally {
      other.close();
    }
  }

  @Test
  void whoTakesOverAnUpgradeGoesOnWithIt() {
    Instance database = running();
    worker.close();
    upgrade(database, LONG);
    Instance claimed = claimedByTheDead();
    Instance applied =
        store
            .operations()
            .applied(
                claimed.operation().id(),
                claimed.operation().attempt(),
                platform.operate(database.id()))
            .blockingGet();
    feed.publish(applied);
    observe(database, "17", Condition.HEALTHY);

    Worker other = worker("other");
    try {
      other.start();
      await().until(() -> snapshot(database).operation().attempt() > claimed.operation().attempt());
      observe(database, "17", Condition.HEALTHY);
      await()
          .until(
              () -> {
                observe(database, "17", Condition.HEALTHY);
                return snapshot(database).operation().outcome() == Outcome.SUCCEEDED;
              });
      assertThat(platform.succession).containsExactly("settle " + database.objectName() + "-pg17");
    } finally {
      other.close();
    }
  }

  /** With a worker that puts up with nothing for long. */
  private void hastily(Runnable what) {
    worker.close();
    try (Worker other = hasty("hasty")) {
      other.start();
      what.run();
    }
  }

  private void upgrade(Instance database, Duration deadline) {
    Instance wanted = database.upgraded("17", Instant.parse("2026-03-04T05:06:07Z"));
    Instance unused = change(wanted, OperationKind.UPGRADE, deadline, null);
  }

  private void awaitApplied(Instance database) {
    await()
        .until(
            () -> {
              Instance now = snapshot(database);
              return now.operation().kind() == OperationKind.UPGRADE
                  && now.operation().platformVersion() != null;
            });
  }

  private void observe(Instance database, String version, Condition condition) {
    Facts good = Samples.GOOD;
    long written = platform.operate(database.id());
    feed.observed(
        new Observation(
            database.id(),
            written,
            written,
            condition,
            condition == Condition.BROKEN ? "no image" : null,
            new Facts(
                version,
                good.readyInstances(),
                good.instances(),
                good.cpuMilli(),
                good.memoryMib(),
                good.storageMib(),
                true,
                good.address(),
                0)));
  }
}

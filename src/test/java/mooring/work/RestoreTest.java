package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Recovery;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;

/** Restores in place: what is done, in which order, and what becomes of one that fails. */
class RestoreTest extends WorkerBench {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void theOldServersGoDownFirstAndAreRemovedOnceTheNewOnesServe() {
    Instance database = running();
    platform.quiet = false;
    platform.replaced = false;
    restore(database, LONG);
    await().until(() -> platform.succession.contains("quiesce"));
    int applies = platform.applies();
    observe(database, 1, platform.version() + 1, Condition.STOPPING, false);
    assertThat(snapshot(database).operation().platformVersion()).isNull();
    assertThat(platform.applies()).isEqualTo(applies);

    platform.quiet = true;
    await().until(() -> snapshot(database).operation().platformVersion() != null);
    // Nobody is led to them yet.
    observe(database, 2, platform.operate(database.id()), Condition.SETTING_UP, false);
    assertThat(platform.succession).containsExactly("quiesce");
    observe(database, 2, platform.operate(database.id()), Condition.HEALTHY, false);
    await().until(() -> platform.succession.contains("hand over"));
    assertThat(state(database)).isEqualTo(InstanceState.RESTORING);

    observe(database, 2, platform.operate(database.id()), Condition.HEALTHY, true);
    assertThat(snapshot(database).operation().running()).isTrue();
    platform.replaced = true;
    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
    assertThat(snapshot(database).clusterName()).isEqualTo(database.objectName() + "-g2");
    assertThat(platform.succession).containsExactly("quiesce", "hand over");
    assertThat(platform.login(database.id()).password()).isEqualTo(PASSWORD);
  }

  @Test
  void whatCannotBeRecoveredBringsTheOldServersBack() {
    Instance database = running();
    platform.replaced = false;
    restore(database, LONG);
    await().until(() -> snapshot(database).operation().platformVersion() != null);
    observe(database, 2, platform.operate(database.id()), Condition.BROKEN, false);
    await().until(() -> platform.succession.contains("give back"));
    assertThat(snapshot(database).operation().running()).isTrue();

    // What has failed may have gone before it is known that it has.
    observe(database, 1, platform.operate(database.id()), Condition.SETTING_UP, true);
    platform.replaced = true;
    awaitOutcome(database, Outcome.FAILED);
    Instance back = snapshot(database);
    assertThat(back.clusterName()).isEqualTo(database.objectName());
    assertThat(back.setup().recovery()).isNull();
    assertThat(back.operation().cause()).isEqualTo(Cause.PLATFORM);
    assertThat(state(database)).isEqualTo(InstanceState.FAILED);
    assertThat(cache.get(database.shortId()).status().reason()).isEqualTo("no room");
    observe(database, 1, platform.operate(database.id()), Condition.SETTING_UP, true);
    assertThat(state(database)).isEqualTo(InstanceState.FAILED);
    observe(database, 1, platform.operate(database.id()), Condition.HEALTHY, true);
    await().until(() -> state(database) == InstanceState.RUNNING);
  }

  @Test
  void whatIsNotDoneInTimeIsTakenBackUnlessClientsAreLedThere() {
    Instance database = running();
    restore(database, LONG);
    await().until(() -> snapshot(database).operation().platformVersion() != null);
    records.lapse(database.id());
    awaitOutcome(database, Outcome.FAILED);
    assertThat(platform.succession).containsExactly("quiesce", "give back");
    assertThat(snapshot(database).generation()).isEqualTo(1);

    observe(database, 1, platform.operate(database.id()), Condition.HEALTHY, true);
    platform.succession.clear();
    platform.led = true;
    restore(snapshot(database), LONG);
    await().until(() -> platform.succession.contains("quiesce"));
    await().until(() -> snapshot(database).operation().platformVersion() != null);
    records.lapse(database.id());
    awaitOutcome(database, Outcome.FAILED);
    assertThat(platform.succession).containsExactly("quiesce", "give back", "hand over");
    assertThat(snapshot(database).generation()).isEqualTo(3);
  }

  @Test
  void oneThatGoesAwayMeanwhileIsNotMadeAgain() {
    Instance database = running();
    worker.close();
    Instance wanted = restored(database);
    Instance unused = change(wanted, OperationKind.RESTORE, LONG, null);
    Instance claimed = claimedByTheDead();
    long version = platform.operate(database.id());
    Instance applied =
        store
            .operations()
            .applied(claimed.operation().id(), claimed.operation().attempt(), version)
            .blockingGet();
    feed.publish(applied);
    observe(database, 1, platform.operate(database.id()), Condition.STOPPED, false);
    int applies = platform.applies();

    Worker other = worker("other");
    try {
      other.start();
      awaitOutcome(database, Outcome.FAILED);
      assertThat(platform.applies()).isEqualTo(applies);
      assertThat(platform.succession).containsExactly("give back");
    } finally {
      other.close();
    }
  }

  private void restore(Instance database, Duration deadline) {
    Instance unused = change(restored(database), OperationKind.RESTORE, deadline, null);
  }

  private static Instance restored(Instance database) {
    Recovery all = new Recovery(database.id(), database.objectName(), 7, null, null);
    return database.restoredFrom(all, Instant.parse("2026-03-04T05:06:07Z"));
  }

  private void observe(
      Instance database, int generation, long version, Condition condition, boolean led) {
    Facts good = Samples.GOOD;
    feed.observed(
        new Observation(
            database.id(),
            version,
            version,
            condition,
            condition == Condition.BROKEN ? "no room" : null,
            new Facts(
                good.version(),
                good.readyInstances(),
                good.instances(),
                good.cpuMilli(),
                good.memoryMib(),
                good.storageMib(),
                led,
                good.address(),
                0,
                generation,
                null,
                false)));
  }
}

package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mooring.core.Applied;
import mooring.core.Desired;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.InstanceState;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import mooring.core.Setup;
import org.junit.jupiter.api.Test;

/** Changes of databases that are there, and the states that clients see meanwhile. */
class ChangedDatabasesTest extends WorkerBench {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<InstanceState> states = new CopyOnWriteArrayList<>();

  @Test
  void stopThenStart() {
    Instance database = watched(running());

    begin(wanted(database, database.spec(), Desired.STOPPED), OperationKind.STOP);
    observe(database, applied(database), Condition.HEALTHY);
    observe(database, platform.operate(database.id()), Condition.STOPPING);
    observe(database, platform.operate(database.id()), Condition.STOPPED);
    awaitOutcome(database, Outcome.SUCCEEDED);

    begin(wanted(database, database.spec(), Desired.RUNNING), OperationKind.START);
    observe(database, applied(database), Condition.STOPPED);
    observe(database, platform.operate(database.id()), Condition.SETTING_UP);
    assertThat(snapshot(database).operation().running()).isTrue();
    observe(database, platform.operate(database.id()), Condition.HEALTHY);
    awaitOutcome(database, Outcome.SUCCEEDED);

    assertThat(states)
        .containsExactly(
            InstanceState.RUNNING,
            InstanceState.STOPPING,
            InstanceState.STOPPED,
            InstanceState.STARTING,
            InstanceState.RUNNING);
  }

  @Test
  void aRestartIsDoneByWhatComesAfterItsApply() {
    Instance database = watched(running());

    begin(restarted(database), OperationKind.RESTART);
    observe(database, applied(database), Condition.HEALTHY);
    observe(database, platform.operate(database.id()), Condition.RESTARTING);
    assertThat(snapshot(database).operation().running()).isTrue();
    observe(database, platform.operate(database.id()), Condition.HEALTHY);
    awaitOutcome(database, Outcome.SUCCEEDED);

    assertThat(states)
        .containsExactly(InstanceState.RUNNING, InstanceState.RESTARTING, InstanceState.RUNNING);
  }

  @Test
  void aResizeIsDoneInTheNewSize() {
    Instance database = watched(running());
    InstanceSpec is = database.spec();
    InstanceSpec bigger =
        new InstanceSpec(is.engine(), is.version(), 4000, 8192, is.storageMib(), 1, is.place());

    begin(wanted(database, bigger, Desired.RUNNING), OperationKind.RESIZE);
    observe(database, platform.operate(database.id()), Condition.HEALTHY);
    assertThat(snapshot(database).operation().running()).isTrue();
    Facts good = Samples.GOOD;
    Facts resized =
        new Facts(good.version(), 1, 1, 4000, 8192, good.storageMib(), true, good.address(), 0);
    long version = platform.operate(database.id());
    feed.observed(Samples.seen(database.id(), version, Condition.HEALTHY, resized));
    awaitOutcome(database, Outcome.SUCCEEDED);

    assertThat(states)
        .containsExactly(InstanceState.RUNNING, InstanceState.RESIZING, InstanceState.RUNNING);
  }

  @Test
  void aChangeThatTheServersRefuseEndsAtOnceAndIsTakenBack() {
    Instance database = watched(running());

    begin(restarted(database), OperationKind.RESTART);
    observe(database, applied(database), Condition.CONFIGURING);
    assertThat(snapshot(database).operation().running()).isTrue();
    refuse(database, platform.operate(database.id()));
    awaitOutcome(database, Outcome.FAILED);
    assertThat(snapshot(database).operation().reason()).isEqualTo("no such value");
    assertThat(snapshot(database).operation().cause()).isEqualTo(Cause.PLATFORM);

    begin(database, OperationKind.RESTART);
    observe(database, platform.operate(database.id()), Condition.HEALTHY);
    awaitOutcome(database, Outcome.SUCCEEDED);

    assertThat(states)
        .containsExactly(
            InstanceState.RUNNING,
            InstanceState.RESTARTING,
            InstanceState.FAILED,
            InstanceState.RESTARTING,
            InstanceState.RUNNING);
  }

  private void refuse(Instance database, long version) {
    feed.observed(
        new Observation(
            database.id(), version, version, Condition.REFUSED, "no such value", Samples.GOOD));
  }

  /** Nothing is left to be seen after it: the apply of whoever takes over changes nothing. */
  @Test
  void aRestartThatWasDoneBeforeTheTakeoverEnds() {
    Instance database = running();
    worker.close();
    Instance wanted = restarted(database);
    Instance unused = change(wanted, OperationKind.RESTART, LONG, null);
    Instance claimed = claimedByTheDead();
    Applied applied =
        platform
            .apply(claimed, store.instances().credentials(claimed).blockingGet(), Fence.none())
            .blockingGet();
    assertThat(applied.changed()).isTrue();
    observe(database, platform.operate(database.id()), Condition.HEALTHY);

    Worker other = worker("other");
    try {
      other.start();
      awaitOutcome(database, Outcome.SUCCEEDED);
    } finally {
      other.close();
    }
  }

  private Instance watched(Instance database) {
    states.add(state(database));
    feed.onChange(
        snapshot -> {
          InstanceState now = snapshot.status().state();
          if (states.get(states.size() - 1) != now) {
            states.add(now);
          }
        });
    return database;
  }

  private void begin(Instance wanted, OperationKind kind) {
    Instance changed = change(wanted, kind, LONG, null);
    await()
        .until(
            () ->
                snapshot(changed).operation().id().equals(changed.operation().id())
                    && snapshot(changed).operation().platformVersion() != null);
  }

  private long applied(Instance database) {
    return snapshot(database).operation().platformVersion();
  }

  private void observe(Instance database, long version, Condition condition) {
    feed.observed(Samples.seen(database.id(), version, condition, Samples.GOOD));
  }

  private static Instance wanted(Instance database, InstanceSpec spec, Desired desired) {
    return database.wanted(spec, desired, database.setup(), database.attributes());
  }

  private static Instance restarted(Instance database) {
    Setup setup = database.setup().withRestartAt(Instant.parse("2026-03-04T05:06:07Z"));
    return database.wanted(database.spec(), database.desired(), setup, database.attributes());
  }
}

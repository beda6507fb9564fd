package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.observers.TestObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import mooring.core.Caller;
import mooring.core.Credentials;
import mooring.core.Deadlines;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Instances;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;
import mooring.core.Offer;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.PlatformRefusedException;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Samples;
import mooring.status.EndingWatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A reset ends with one working password: the new one, or the old one. */
class PasswordResetTest extends WorkerBench {
  private static final String NEW = "new-secret-of-the-test";
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void itSucceedsOnceTheServerHasTheNewOne() {
    Instance database = running();
    reset(database, LONG);
    await().until(() -> applied(database).equals(NEW));
    await().until(() -> snapshot(database).operation().platformVersion() != null);
    assertThat(state(database)).isEqualTo(InstanceState.UPDATING);
    assertThat(established(database)).isEqualTo(PASSWORD);

    serverTakes(database, platform.login(database.id()).version());

    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(established(database)).isEqualTo(NEW);
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void itFailsWithTheOldOnePutBackWhenTheServerDoesNotTakeTheNew() {
    Instance database = running();
    reset(database, LONG);
    await().until(() -> applied(database).equals(NEW));
    records.lapse(database.id());

    awaitOutcome(database, Outcome.FAILED);

    assertThat(applied(database)).isEqualTo(PASSWORD);
    assertThat(established(database)).isEqualTo(PASSWORD);
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void theOldOneIsPutBackHoweverLongThePlatformIsAway() {
    Instance database = running();
    reset(database, LONG);
    await().until(() -> applied(database).equals(NEW));
    platform.failNext(4);
    records.lapse(database.id());

    awaitOutcome(database, Outcome.FAILED);

    assertThat(applied(database)).isEqualTo(PASSWORD);
  }

  @Test
  void aLateOneIsNotTried() {
    Instance database = running();
    worker.close();
    long version = platform.login(database.id()).version();
    reset(database, Duration.ofMillis(1));
    await().until(() -> overdue(database));

    takeOver(
        () -> {
          awaitOutcome(database, Outcome.FAILED);
          assertThat(applied(database)).isEqualTo(PASSWORD);
          assertThat(platform.login(database.id()).version()).isEqualTo(version);
        });
  }

  @Test
  void whoeverTakesOverAfterTheDeadlineWaitsUntilTheServerHasTheOldOneAgain() {
    Instance database = running();
    worker.close();
    reset(database, LONG);
    long proposed = applyAndDie(database);
    serverTakes(database, proposed);
    records.lapse(database.id());
    await().until(() -> overdue(database));

    takeOver(
        () -> {
          await().until(() -> applied(database).equals(PASSWORD));
          assertThat(snapshot(database).operation().running()).isTrue();
          assertThat(established(database)).isEqualTo(PASSWORD);

          serverTakes(database, platform.login(database.id()).version());

          awaitOutcome(database, Outcome.FAILED);
        });
    assertThat(established(database)).isEqualTo(PASSWORD);
    assertThat(state(database)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void whoeverTakesOverInTimeGoesOn() {
    Instance database = running();
    worker.close();
    reset(database, LONG);
    long proposed = applyAndDie(database);

    takeOver(
        () -> {
          serverTakes(database, proposed);
          awaitOutcome(database, Outcome.SUCCEEDED);
        });
    assertThat(applied(database)).isEqualTo(NEW);
    assertThat(established(database)).isEqualTo(NEW);
  }

  @Test
  void whatComesTooLateChangesNothing() {
    Instance database = running();
    platform.hold();
    reset(database, LONG);
    await().until(platform::holding);
    records.lapse(database.id());
    takeOver(() -> awaitOutcome(database, Outcome.FAILED));
    long version = platform.login(database.id()).version();

    platform.release();

    await().until(() -> !platform.holding());
    assertThat(platform.login(database.id()).version()).isEqualTo(version);
    assertThat(applied(database)).isEqualTo(PASSWORD);
  }

  @Test
  void aRefusalPutsTheOldOneBackToo() {
    Instance database = running();
    platform.refuse(new PlatformRefusedException("the cluster refuses the Cluster"));
    reset(database, LONG);

    awaitOutcome(database, Outcome.FAILED);

    assertThat(snapshot(database).operation().reason()).contains("refuses the Cluster");
    assertThat(applied(database)).isEqualTo(PASSWORD);
    assertThat(established(database)).isEqualTo(PASSWORD);
  }

  @Test
  void aDeleteSupersedesIt() {
    Instance database = running();
    reset(database, LONG);
    await().until(() -> applied(database).equals(NEW));

    delete(database, LONG);

    awaitOutcome(database, Outcome.SUCCEEDED);
    assertThat(state(database)).isEqualTo(InstanceState.DELETED);
    assertThatThrownBy(() -> established(database)).isInstanceOf(ProblemException.class);
  }

  @Test
  @Tag("slow")
  void theCallerIsToldOnlyWhatHolds() {
    Instance database = running();
    EndingWatch endings = new EndingWatch(feed);
    Instances instances =
        new Instances(
            store.instances(),
            feed,
            feed::publish,
            Offer.standard(),
            new Deadlines(LONG, LONG),
            endings,
            Clock.systemUTC());
    Caller caller = new Caller(tenant, UUID.randomUUID(), null);

    TestObserver<Credentials> asked = instances.resetPassword(caller, database.shortId()).test();
    await().until(() -> !applied(database).equals(PASSWORD));
    await().until(() -> snapshot(database).operation().platformVersion() != null);
    serverTakes(database, platform.login(database.id()).version());
    await().until(() -> asked.values().size() == 1);
    String told = asked.values().get(0).password();
    assertThat(told).isEqualTo(applied(database)).isEqualTo(established(database));

    assertThatThrownBy(() -> instances.resetPassword(caller, database.shortId()).blockingGet())
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.Unavailable.class));
    awaitOutcome(database, Outcome.FAILED); // the caller may give up before
    assertThat(established(database)).isEqualTo(told);
    assertThat(applied(database)).isEqualTo(told);
  }

  private void reset(Instance database, Duration deadline) {
    Instance unused = change(database, OperationKind.RESET_PASSWORD, deadline, NEW);
  }

  /** Does what a worker does before it dies; its lease runs out by itself. */
  private long applyAndDie(Instance database) {
    Instance claimed = claimedByTheDead();
    Credentials wanted = store.instances().wantedCredentials(claimed).blockingGet();
    assertThat(wanted.password()).isEqualTo(NEW);
    long version = platform.apply(database, wanted, Fence.none()).blockingGet().password();
    Instance recorded =
        store
            .operations()
            .applied(claimed.operation().id(), claimed.operation().attempt(), version)
            .blockingGet();
    feed.publish(recorded);
    return version;
  }

  private void takeOver(Runnable story) {
    Worker other = worker("other");
    try {
      other.start();
      story.run();
    } finally {
      other.close();
    }
  }

  private void serverTakes(Instance database, long passwordVersion) {
    Facts good = Samples.GOOD;
    Facts facts =
        new Facts(
            good.version(),
            good.readyInstances(),
            good.instances(),
            good.cpuMilli(),
            good.memoryMib(),
            good.storageMib(),
            true,
            good.address(),
            passwordVersion);
    long version = platform.operate(database.id());
    feed.observed(Samples.seen(database.id(), version, Condition.HEALTHY, facts));
  }

  private String applied(Instance database) {
    return platform.login(database.id()).password();
  }

  private String established(Instance database) {
    return store.instances().credentials(database).blockingGet().password();
  }
}

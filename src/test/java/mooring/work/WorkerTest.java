package mooring.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.PlatformRefusedException;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;

/** The worker on a real store; the platform does what a test tells it to. */
class WorkerTest extends WorkerBench {
  private static final Duration EVERY_MOMENT = Duration.ofMillis(50);

  @Test
  void aCreateEndsWhenWhatWasAppliedIsSeenHealthy() {
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    await().until(() -> platform.applied(created.id()));
    await().until(() -> snapshot(created).operation().platformVersion() != null);
    assertThat(snapshot(created).operation().running()).isTrue();
    feed.observed(healthy(created, platform.version()));
    awaitOutcome(created, Outcome.SUCCEEDED);
    assertThat(state(created)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void whatIsInTheWayIsTakenAwayAgainAndAgainUntilTheGoalIsReached() {
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    await().until(() -> platform.unblocked() > 1);
    assertThat(platform.applies()).isEqualTo(1);
    feed.observed(healthy(created, platform.version()));
    awaitOutcome(created, Outcome.SUCCEEDED);
  }

  @Test
  void faultsAreRetriedAndAppliedOnce() {
    platform.failNext(3);
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    await().until(() -> platform.applied(created.id()));
    assertThat(platform.applies()).isEqualTo(4);
  }

  @Test
  void aRefusalEndsTheOperationAtOnce() {
    platform.refuse(new PlatformRefusedException("the cluster refuses the Cluster: too big"));
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    awaitOutcome(created, Outcome.FAILED);
    assertThat(snapshot(created).operation().reason()).contains("too big");
    assertThat(snapshot(created).operation().cause()).isEqualTo(Operation.Cause.PLATFORM);
    assertThat(state(created)).isEqualTo(InstanceState.FAILED);
  }

  @Test
  void whatIsNeverSeenHealthyEndsByItsDeadlineAndALateSuccessCounts() {
    worker.start();
    Instance created = create(Duration.ofSeconds(2));
    awaitOutcome(created, Outcome.FAILED);
    assertThat(snapshot(created).operation().reason()).startsWith("the create was not done within");
    feed.observed(healthy(created, platform.version() + 1));
    assertThat(state(created)).isEqualTo(InstanceState.RUNNING);
  }

  @Test
  void anOverdueDeleteIsTriedBeforeItEnds() {
    Instance created = create(Duration.ofMinutes(1));
    delete(created, Duration.ofMillis(1));
    await().until(() -> overdue(created));
    worker.start();
    awaitOutcome(created, Outcome.SUCCEEDED);
    assertThat(platform.deleted(created.id())).isTrue();
    assertThat(state(created)).isEqualTo(InstanceState.DELETED);
  }

  @Test
  void anOverdueDeleteHasNotSucceededBecauseNothingIsSeen() {
    Instance created = create(Duration.ofMinutes(1));
    delete(created, Duration.ofMillis(1));
    platform.bringBack(created.id(), Integer.MAX_VALUE);
    await().until(() -> overdue(created));
    worker.start();
    await().until(() -> !snapshot(created).operation().running());
    assertThat(platform.deleted(created.id())).isFalse();
    assertThat(snapshot(created).operation().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void anOverdueDeleteThatIsDoneHasSucceededWhateverIsSeen() {
    Instance created = create(Duration.ofMinutes(1));
    delete(created, Duration.ofMillis(1));
    platform.bringBack(created.id(), 2);
    feed.observed(healthy(created, platform.version()));
    await().until(() -> overdue(created));
    worker.start();
    await().until(() -> !snapshot(created).operation().running());
    assertThat(snapshot(created).operation().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void anotherTakesOverWhatWasAppliedAndNeverMakesItAnew() {
    Instance created = create(Duration.ofMinutes(1));
    Instance claimed = store.operations().claim("dead", LEASE, 1).blockingGet().get(0);
    store
        .operations()
        .applied(claimed.operation().id(), claimed.operation().attempt(), 5)
        .ignoreElement()
        .blockingAwait();
    feed.synced(9);
    worker.start();
    awaitOutcome(created, Outcome.FAILED);
    assertThat(snapshot(created).operation().reason()).contains("never made anew");
    assertThat(platform.applies()).isZero();
  }

  @Test
  void whatIsAppliedTooLateForADeletedDatabaseIsTakenBack() {
    platform.hold();
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    await().until(platform::holding);
    // Another replica deletes it while this one's apply is under way.
    delete(created, Duration.ofMinutes(1));
    Worker other = worker("other");
    try {
      other.start();
      awaitOutcome(created, Outcome.SUCCEEDED);
      assertThat(state(created)).isEqualTo(InstanceState.DELETED);
    } finally {
      other.close();
    }
    platform.release();
    await().until(() -> platform.applied(created.id()));
    await()
        .until(
            () -> {
              leftOvers.remove().blockingAwait();
              return platform.deleted(created.id());
            });
  }

  @Test
  void leftOversAreRemovedUntilNothingIsLeft() {
    Instance created = create(Duration.ofMinutes(1));
    delete(created, Duration.ofMinutes(1));
    worker.start();
    awaitOutcome(created, Outcome.SUCCEEDED);
    Sweeper sweeper =
        new Sweeper(feed, store.instances(), leftOvers, nothingExpired(), () -> true, EVERY_MOMENT);
    platform.bringBack(created.id(), 3);
    feed.observed(healthy(created, platform.version() + 1));
    sweeper.start();
    try {
      await().until(() -> platform.deleted(created.id()));
      assertThat(sweeper.unknown()).isZero();
    } finally {
      sweeper.close();
    }
  }

  @Test
  void whatHasNoRowIsCountedAndLeftAlone() {
    Instance stranger =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 1L));
    platform.bringBack(stranger.id(), 1);
    feed.observed(healthy(stranger, 7));
    Sweeper sweeper =
        new Sweeper(feed, store.instances(), leftOvers, nothingExpired(), () -> true, EVERY_MOMENT);
    sweeper.start();
    try {
      await().until(() -> sweeper.unknown() == 1);
      assertThat(platform.applied(stranger.id())).isTrue();
    } finally {
      sweeper.close();
    }
  }

  private ExpiredBackups nothingExpired() {
    return new ExpiredBackups(cache, null, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
  }
}

package mooring.work;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import mooring.core.Api;
import mooring.core.Change;
import mooring.core.Credentials;
import mooring.core.Desired;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.PlatformRefusedException;
import mooring.core.Samples;
import mooring.core.Setup;
import mooring.status.StatusCache;
import mooring.status.StatusFeed;
import mooring.status.TokenDirectory;
import mooring.store.ChangeFeed;
import mooring.store.FreshStore;
import mooring.store.PgStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker on a real store; the platform does what a test tells it to. */
class WorkerTest {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx();
  private final PgStore store = new FreshStore(vertx).store();
  private final StatusCache cache = new StatusCache();
  private final StatusFeed feed = new StatusFeed(cache, new TokenDirectory(Clock.systemUTC()));
  private final ScriptedPlatform platform = new ScriptedPlatform();
  private final LeftOvers leftOvers = new LeftOvers(platform);
  private final Worker worker = worker("one");
  private ChangeFeed changes;
  private UUID tenant;

  @BeforeEach
  void open() {
    tenant = store.tokens().createTenant("acme").blockingGet().id();
    changes = store.feed(feed);
    feed.synced(1);
    await().until(feed::ready);
  }

  @AfterEach
  void close() {
    worker.close();
    store.close().blockingAwait();
    vertx.close().await();
  }

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
  void faultsAreRetriedAndAppliedOnce() {
    platform.failNext(3);
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    await().atMost(20, SECONDS).until(() -> platform.applied(created.id()));
    assertThat(platform.applies()).isEqualTo(4);
  }

  @Test
  void aRefusalEndsTheOperationAtOnce() {
    platform.refuse(new PlatformRefusedException("the cluster refuses the Cluster: too big"));
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    awaitOutcome(created, Outcome.FAILED);
    assertThat(snapshot(created).operation().reason()).contains("too big");
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
        .atMost(20, SECONDS)
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
        new Sweeper(feed, store.instances(), leftOvers, () -> true, Duration.ofMillis(50));
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
        new Sweeper(feed, store.instances(), leftOvers, () -> true, Duration.ofMillis(50));
    sweeper.start();
    try {
      await().until(() -> sweeper.unknown() == 1);
      assertThat(platform.applied(stranger.id())).isTrue();
    } finally {
      sweeper.close();
    }
  }

  private Worker worker(String owner) {
    WorkerSettings settings = new WorkerSettings(owner, LEASE, Duration.ofMillis(100), 100, 4);
    return new Worker(store.operations(), store.instances(), platform, feed, leftOvers, settings);
  }

  private Instance create(Duration deadline) {
    Draft draft =
        new Draft(
            tenant,
            Api.UNCLOUD,
            "main",
            "main",
            Samples.SPEC,
            new Credentials("app_user", "secret-of-the-test", "main"),
            Setup.NONE,
            false,
            Map.of(),
            deadline,
            UUID.randomUUID());
    Instance created = store.instances().create(draft, Set.of()).blockingGet();
    feed.publish(created);
    return created;
  }

  private void delete(Instance instance, Duration deadline) {
    store
        .instances()
        .change(
            tenant,
            instance.shortId(),
            known ->
                Optional.of(
                    new Change(
                        known,
                        OperationKind.DELETE,
                        InstanceState.RUNNING,
                        deadline,
                        null,
                        UUID.randomUUID())))
        .doOnSuccess(feed::publish)
        .ignoreElement()
        .blockingAwait();
  }

  /** By the store's own clock, without taking part in the work. */
  private boolean overdue(Instance instance) {
    Instance row = store.instances().find(instance.id()).blockingGet();
    return Clock.systemUTC().instant().isAfter(row.operation().deadline().plusMillis(50));
  }

  private Instance snapshot(Instance instance) {
    return cache.get(instance.shortId()).instance();
  }

  private InstanceState state(Instance instance) {
    return cache.get(instance.shortId()).status().state();
  }

  private void awaitOutcome(Instance instance, Outcome outcome) {
    await().atMost(20, SECONDS).until(() -> snapshot(instance).operation().outcome() == outcome);
    assertThat(changes.alive()).isTrue();
  }

  private static Observation healthy(Instance instance, long version) {
    return Samples.seen(instance.id(), version, Condition.HEALTHY, Samples.GOOD);
  }
}

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
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
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

/** Workers on a real store; the platform does what a test tells it to. */
abstract class WorkerBench {
  static final String PASSWORD = "secret-of-the-test";
  static final Duration LEASE = Duration.ofSeconds(2);

  final Vertx vertx = Vertx.vertx();
  final PgStore store = new FreshStore(vertx).store();
  final StatusCache cache = new StatusCache();
  final StatusFeed feed = new StatusFeed(cache, new TokenDirectory(Clock.systemUTC()));
  final ScriptedPlatform platform = new ScriptedPlatform();
  final LeftOvers leftOvers = new LeftOvers(platform);
  final Worker worker = worker("one");
  private ChangeFeed changes;
  UUID tenant;

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

  Worker worker(String owner) {
    WorkerSettings settings = new WorkerSettings(owner, LEASE, Duration.ofMillis(100), 100, 4);
    return new Worker(store.operations(), store.instances(), platform, feed, leftOvers, settings);
  }

  Instance create(Duration deadline) {
    Draft draft =
        new Draft(
            tenant,
            Api.UNCLOUD,
            "main",
            "main",
            Samples.SPEC,
            new Credentials("app_user", PASSWORD, "main"),
            Setup.NONE,
            false,
            Map.of(),
            deadline,
            UUID.randomUUID());
    Instance created = store.instances().create(draft, Set.of()).blockingGet();
    feed.publish(created);
    return created;
  }

  void delete(Instance instance, Duration deadline) {
    Instance unused = change(instance, OperationKind.DELETE, deadline, null);
  }

  /** A database that is up; the worker has been started. */
  Instance running() {
    worker.start();
    Instance created = create(Duration.ofMinutes(1));
    await().until(() -> snapshot(created).operation().platformVersion() != null);
    feed.observed(healthy(created, platform.version()));
    awaitOutcome(created, Outcome.SUCCEEDED);
    return snapshot(created);
  }

  /** Accepts a change, as another replica would. */
  Instance change(Instance wanted, OperationKind kind, Duration deadline, String password) {
    UUID asked = UUID.randomUUID();
    Instance changed =
        store
            .instances()
            .change(
                tenant,
                wanted.shortId(),
                known ->
                    Optional.of(
                        new Change(wanted, kind, InstanceState.RUNNING, deadline, password, asked)))
            .blockingGet();
    feed.publish(changed);
    return changed;
  }

  /** By the store's own clock, without taking part in the work. */
  boolean overdue(Instance instance) {
    Instance row = store.instances().find(instance.id()).blockingGet();
    return Clock.systemUTC().instant().isAfter(row.operation().deadline().plusMillis(50));
  }

  Instance snapshot(Instance instance) {
    return cache.get(instance.shortId()).instance();
  }

  InstanceState state(Instance instance) {
    return cache.get(instance.shortId()).status().state();
  }

  void awaitOutcome(Instance instance, Outcome outcome) {
    await().atMost(20, SECONDS).until(() -> snapshot(instance).operation().outcome() == outcome);
    assertThat(changes.alive()).isTrue();
  }

  static Observation healthy(Instance instance, long version) {
    return Samples.seen(instance.id(), version, Condition.HEALTHY, Samples.GOOD);
  }
}

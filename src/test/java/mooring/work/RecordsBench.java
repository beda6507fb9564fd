package mooring.work;

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
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Samples;
import mooring.core.Setup;
import mooring.core.Uniqueness;
import mooring.status.StatusCache;
import mooring.status.StatusFeed;
import mooring.status.TokenDirectory;
import mooring.store.ChangeFeed;
import mooring.store.FreshStore;
import mooring.store.PgStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real store with a tenant, and the feed on it. */
abstract class RecordsBench {
  static final String PASSWORD = "secret-of-the-test";
  static final Duration LEASE = Duration.ofSeconds(2);
  static final UUID TOKEN = UUID.randomUUID();

  final Vertx vertx = Vertx.vertx();
  final FreshStore records = new FreshStore(vertx);
  final PgStore store = records.store();
  final StatusCache cache = new StatusCache();
  final StatusFeed feed = new StatusFeed(cache, new TokenDirectory(Clock.systemUTC()));
  private ChangeFeed changes;
  UUID tenant;

  @BeforeEach
  void openRecords() {
    tenant = store.tokens().createTenant("acme").blockingGet().id();
    changes = store.feed(feed);
    // What is awaited later may come from elsewhere, before this has caught up.
    await().until(changes::alive);
  }

  @AfterEach
  void closeRecords() {
    store.close().blockingAwait();
    vertx.close().await();
  }

  /** With few jobs and steps at a time, and short waits: whoever is held loses its lease. */
  static WorkerSettings settings(String owner) {
    return new WorkerSettings(owner, LEASE, Duration.ZERO, Duration.ofMillis(100), 100, 4);
  }

  Instance create(Setup setup, Duration deadline) {
    return create("main", setup, deadline);
  }

  Instance create(String name, Setup setup, Duration deadline) {
    Draft draft =
        new Draft(
            tenant,
            Api.UNCLOUD,
            name,
            name,
            Samples.SPEC,
            new Credentials("app_user", PASSWORD, "main"),
            setup,
            Uniqueness.HANDLE,
            Map.of(),
            deadline,
            TOKEN,
            null);
    Instance created = store.instances().create(draft, Set.of()).blockingGet();
    feed.publish(created);
    return created;
  }

  /** Accepts a change, as another replica would. */
  Instance change(Instance wanted, OperationKind kind, Duration deadline, String password) {
    Instance changed =
        store
            .instances()
            .change(
                tenant,
                wanted.shortId(),
                known ->
                    Optional.of(
                        new Change(wanted, kind, InstanceState.RUNNING, deadline, password, TOKEN)))
            .blockingGet();
    feed.publish(changed);
    return changed;
  }

  /** By the store's own clock, without taking part in the work. */
  boolean overdue(Instance instance) {
    Instance row = store.instances().find(instance.id()).blockingGet();
    return Clock.systemUTC().instant().isAfter(row.operation().deadline().plusMillis(50));
  }

  /**
   * What is under way, claimed by a worker that does nothing any more. One that was just closed may
   * have claimed it still, for as long as its lease.
   */
  Instance claimedByTheDead() {
    return await()
        .until(
            () -> store.operations().claim("dead", LEASE, 1).blockingGet(), all -> !all.isEmpty())
        .get(0);
  }

  Instance snapshot(Instance instance) {
    return cache.get(instance.shortId()).instance();
  }

  InstanceState state(Instance instance) {
    return cache.get(instance.shortId()).status().state();
  }

  void awaitOutcome(Instance instance, Outcome outcome) {
    await().until(() -> snapshot(instance).operation().outcome() == outcome);
    await().until(changes::alive);
  }
}

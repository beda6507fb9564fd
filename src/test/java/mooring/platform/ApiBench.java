package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import mooring.api.ApiFixture;
import mooring.api.ContractClient;
import mooring.core.Caller;
import mooring.core.Deadlines;
import mooring.core.Instance;
import mooring.core.ReplicaServer;
import mooring.core.SourceAddresses;
import mooring.core.SourceLog;
import mooring.store.ChangeFeed;
import mooring.store.FreshStore;
import mooring.store.PgStore;
import mooring.work.LeftOvers;
import mooring.work.SourceArchive;
import mooring.work.Worker;
import mooring.work.WorkerSettings;

/** The Uncloud API with a store and a worker, over a platform that has yet to be started. */
final class ApiBench implements AutoCloseable {
  private static final String DATABASES = "/api/v1/databases";

  private final Vertx vertx = Vertx.vertx();
  private final FreshStore records = new FreshStore(vertx);
  private final PgStore store = records.store();
  private final ApiFixture api;
  private final ChangeFeed changes;
  private final Worker worker;
  private final ContractClient client;

  ApiBench(KubernetesPlatform platform, Duration deadline) {
    api = new ApiFixture(vertx, store, new Deadlines(deadline, deadline));
    changes = store.feed(api.feed);
    assertThat(platform.start(api.feed).blockingAwait(60, TimeUnit.SECONDS)).isTrue();
    await().until(api.feed::ready);
    worker =
        new Worker(
            store.operations(),
            store.instances(),
            platform,
            api.feed,
            SourceArchive.of(SourceLog.COMPLETE, store.instances(), api.feed),
            (replica, login) -> Single.just(ReplicaServer.Standing.FOLLOWING),
            new LeftOvers(platform),
            new SourceAddresses(List.of()),
            new WorkerSettings(
                "bench",
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                Duration.ofMillis(100),
                100,
                4));
    worker.start();
    UUID tenant = store.tokens().createTenant("acme").blockingGet().id();
    Caller root = new Caller(tenant, null, null);
    client =
        api.client(
            api.tokens.create(root, "dkc_live_", "first", null, null).blockingGet().secret());
  }

  Instance create(String engine) {
    JsonObject asked =
        new JsonObject()
            .put("name", "main")
            .put("db_type", engine)
            .put("plan_id", "db-s-1vcpu-1gb")
            .put("region", "nyc1");
    String id = client.post(DATABASES, asked).json().getString("id");
    return store.instances().find(id.substring(3)).blockingGet();
  }

  /** Lets the deadline of what is under way pass. */
  void lapse(Instance database) {
    records.lapse(database.id());
  }

  String status(Instance database) {
    return client.get(path(database)).json().getString("status");
  }

  String reason(Instance database) {
    return client.get(path(database)).json().getString("status_reason");
  }

  void delete(Instance database) {
    assertThat(client.delete(path(database)).status()).isEqualTo(204);
  }

  boolean gone(Instance database) {
    return client.get(path(database)).status() == 404;
  }

  @Override
  public void close() {
    worker.close();
    api.close();
    changes.close().blockingAwait();
    store.close().blockingAwait();
    ApiFixture.await(vertx.close());
  }

  private static String path(Instance database) {
    return DATABASES + "/db_" + database.shortId();
  }
}

package mooring.api;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import mooring.core.Caller;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.SeenPool;
import mooring.store.ChangeFeed;
import mooring.store.FreshStore;
import mooring.store.PgStore;
import org.awaitility.Awaitility;

/** The API over a real store, ready; what a worker and a platform would do is done by hand. */
public final class ApiOnStore implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  public final PgStore store = new FreshStore(vertx).store();
  public final ApiFixture api = new ApiFixture(vertx, store);
  private final ChangeFeed changes = store.feed(api.feed);

  /** Starts all of it. */
  public ApiOnStore() {
    api.patience = Duration.ofMinutes(1);
    api.feed.synced(1);
    Awaitility.await().until(api.feed::ready);
  }

  /** A tenant that has nothing yet. */
  public UUID newTenant() {
    return store.tokens().createTenant(UUID.randomUUID().toString()).blockingGet().id();
  }

  /** A token with which everything of a tenant may be done. */
  public String token(UUID tenant, String prefix) {
    Caller root = new Caller(tenant, null, null);
    return api.tokens.create(root, prefix, "first", null, null).blockingGet().secret();
  }

  /** Ends the operation under way as a worker does that saw it succeed. */
  public Instance finish(Instance instance) {
    long version = instance.revision() + 10;
    boolean gone = instance.operation().kind() == OperationKind.DELETE;
    api.feed.observed(
        gone ? Observation.absent(instance.id(), version) : healthy(instance, version));
    Operation operation = claim(instance).operation();
    return published(
        store
            .operations()
            .end(
                operation.id(),
                operation.attempt(),
                Outcome.SUCCEEDED,
                null,
                gone ? null : version));
  }

  /** Ends the operation under way as a worker does that gave up. */
  public Instance fail(Instance instance, String reason) {
    Operation operation = claim(instance).operation();
    return published(
        store.operations().end(operation.id(), operation.attempt(), Outcome.FAILED, reason, null));
  }

  /** The same, on the account of somebody. */
  public Instance fail(Instance instance, String reason, Operation.Cause cause) {
    Operation operation = claim(instance).operation();
    return published(store.operations().fail(operation.id(), operation.attempt(), reason, cause));
  }

  private Instance published(Single<Instance> ending) {
    Instance ended = ending.blockingGet();
    api.feed.publish(ended);
    return ended;
  }

  /** Holds the operation under way as a worker does. */
  public Instance claim(Instance instance) {
    return store.operations().claim("test", Duration.ofMinutes(1), 1_000).blockingGet().stream()
        .filter(claimed -> claimed.id().equals(instance.id()))
        .findFirst()
        .orElseThrow();
  }

  /** What is seen of a database that is as it is wanted. */
  public static Observation healthy(Instance instance, long version) {
    var spec = instance.spec();
    boolean stopped = instance.desired() == Desired.STOPPED;
    return new Observation(
        instance.id(),
        version,
        version,
        stopped ? Condition.STOPPED : Condition.HEALTHY,
        null,
        new Observation.Facts(
            spec.version(),
            stopped ? 0 : spec.instances(),
            spec.instances(),
            spec.cpuMilli(),
            spec.memoryMib(),
            spec.storageMib(),
            true,
            instance.address(),
            0,
            instance.generation(),
            instance.setup().pooler(),
            false,
            pools(instance)));
  }

  private static Set<SeenPool> pools(Instance instance) {
    return instance.setup().pools().digests().entrySet().stream()
        .map(pool -> new SeenPool(pool.getKey(), pool.getValue(), null, SeenPool.Doing.RUNNING))
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    api.close();
    changes.close().blockingAwait();
    store.close().blockingAwait();
    ApiFixture.await(vertx.close());
  }

  /** A running database that a client has made. */
  Instance running(ContractClient client, String name) {
    JsonObject asked =
        new JsonObject().put("name", name).put("region", "fsn1").put("tier", "small");
    String id = client.post("/v1/databases", asked).json().getString("id");
    return finish(store.instances().find(id.substring(id.length() - 8)).blockingGet());
  }
}

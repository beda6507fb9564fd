package mooring.api;

import io.vertx.core.Vertx;
import java.util.UUID;
import mooring.core.Caller;
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

  @Override
  public void close() {
    api.close();
    changes.close().blockingAwait();
    store.close().blockingAwait();
    ApiFixture.await(vertx.close());
  }
}

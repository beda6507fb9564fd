package mooring.status;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Problem;

/**
 * What happens when an id is not known here as the caller's: it may have been created elsewhere a
 * moment ago, so the store is asked, once per id, a few at a time, and seldom enough per tenant
 * that guessing ids costs nobody else anything. Another tenant's database goes the very same way as
 * one that does not exist, limits and outages included.
 */
public final class MissLookup {
  private static final int REMEMBERED = 10_000;

  /** By the id in whichever form it was asked for. */
  private record Asked(UUID tenant, Object id) {}

  /** Unlike an id. */
  private record Named(String handle) {}

  private final InstanceStore store;
  private final StatusFeed feed;
  private final BoundedLookUps lookUps = new BoundedLookUps("databases");
  private final Map<Asked, Boolean> nowhere =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  public MissLookup(InstanceStore store, StatusFeed feed) {
    this.store = store;
    this.feed = feed;
  }

  /**
   * Makes the cache know a database, if there is one.
   *
   * @param tenant who asks, and whose share of look-ups is used
   * @return completes when the cache holds it or it is known that there is none; fails with {@link
   *     Problem.Unavailable} beyond the limits or without the store
   */
  public Completable look(UUID tenant, String shortId) {
    return look(new Asked(tenant, shortId), store.find(shortId));
  }

  /** The same by its id. */
  public Completable look(UUID tenant, UUID id) {
    return look(new Asked(tenant, id), store.find(id));
  }

  /**
   * The same by a handle. That there is none of it is not remembered: unlike an id, it may be taken
   * at any moment, on another replica too.
   *
   * @return completes like the others
   */
  public Completable lookNamed(UUID tenant, String handle) {
    return lookUps.run(
        tenant,
        new Named(handle),
        store.find(tenant, handle).doOnSuccess(feed::publish).ignoreElement());
  }

  private Completable look(Asked asked, Maybe<Instance> row) {
    synchronized (nowhere) {
      if (nowhere.containsKey(asked)) {
        return Completable.complete();
      }
    }
    return lookUps.run(
        asked.tenant(),
        asked.id(),
        row.doOnSuccess(feed::publish)
            .map(found -> !found.deleted() && found.tenant().equals(asked.tenant()))
            .defaultIfEmpty(false)
            .doOnSuccess(theirs -> remember(asked, theirs))
            .ignoreElement());
  }

  private void remember(Asked asked, boolean theirs) {
    if (!theirs) {
      synchronized (nowhere) {
        nowhere.put(asked, true);
      }
    }
  }
}

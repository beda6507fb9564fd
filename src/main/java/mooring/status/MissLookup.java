package mooring.status;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
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

  /** Whoever waits until a name is free, or taken, asks again and again. */
  private static final long FREE_NANOS = Duration.ofSeconds(1).toNanos();

  /** By the id in whichever form it was asked for. */
  private record Asked(UUID tenant, Object id) {}

  /** Unlike an id. */
  private record Named(String handle) {}

  private final InstanceStore store;
  private final StatusFeed feed;
  private final BoundedLookUps lookUps = new BoundedLookUps("databases");
  private final LongSupplier nanos;
  private final RecentMap<Asked, Long> free = new RecentMap<>(REMEMBERED);
  private final Map<Asked, Boolean> nowhere =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  public MissLookup(InstanceStore store, StatusFeed feed) {
    this(store, feed, System::nanoTime);
  }

  /**
   * The same by another clock.
   *
   * @param nanos like {@link System#nanoTime()}
   */
  MissLookup(InstanceStore store, StatusFeed feed, LongSupplier nanos) {
    this.store = store;
    this.feed = feed;
    this.nanos = nanos;
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
   * The same by a handle. That there is none of it is remembered for a second only: there may be
   * one later.
   *
   * @return completes like the others
   */
  public Completable lookNamed(UUID tenant, String handle) {
    Asked asked = new Asked(tenant, new Named(handle));
    Long since = free.get(asked);
    if (since != null && nanos.getAsLong() - since < FREE_NANOS) {
      return Completable.complete();
    }
    return lookUps.run(
        tenant,
        asked.id(),
        store
            .find(tenant, handle)
            .doOnSuccess(feed::publish)
            .doOnComplete(() -> free.put(asked, nanos.getAsLong()))
            .ignoreElement());
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

package mooring.status;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Problem;
import mooring.core.ProblemException;

/**
 * What happens when an id is not known here as the caller's: it may have been created elsewhere a
 * moment ago, so the store is asked, once per id, a few at a time, and seldom enough per tenant
 * that guessing ids costs nobody else anything. Another tenant's database goes the very same way as
 * one that does not exist, limits and outages included.
 */
public final class MissLookup {
  private static final int MAX_AT_ONCE = 8;
  private static final int MAX_PER_SECOND = 10;
  private static final int REMEMBERED = 10_000;

  /** By the id in whichever form it was asked for. */
  private record Asked(UUID tenant, Object id) {}

  private final InstanceStore store;
  private final StatusFeed feed;
  private final Map<Asked, Completable> underWay = new ConcurrentHashMap<>();
  private final Map<UUID, Window> windows = new ConcurrentHashMap<>();
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

  private Completable look(Asked asked, Maybe<Instance> row) {
    synchronized (nowhere) {
      if (nowhere.containsKey(asked)) {
        return Completable.complete();
      }
    }
    Completable shared = underWay.get(asked);
    if (shared != null) {
      return shared;
    }
    Window window = windows.computeIfAbsent(asked.tenant(), id -> new Window());
    if (underWay.size() >= MAX_AT_ONCE || !window.take()) {
      return Completable.error(
          new ProblemException(
              new Problem.Unavailable("too many look-ups of unknown databases", 1)));
    }
    return underWay.computeIfAbsent(asked, first -> start(first, row));
  }

  private Completable start(Asked asked, Maybe<Instance> row) {
    return row.doOnSuccess(feed::publish)
        .map(found -> !found.deleted() && found.tenant().equals(asked.tenant()))
        .defaultIfEmpty(false)
        .doOnSuccess(theirs -> remember(asked, theirs))
        .ignoreElement()
        .doFinally(() -> underWay.remove(asked))
        .cache();
  }

  private void remember(Asked asked, boolean theirs) {
    if (!theirs) {
      synchronized (nowhere) {
        nowhere.put(asked, true);
      }
    }
  }

  /** Counts one tenant's look-ups in the running second. */
  private static final class Window {
    private long second;
    private int taken;

    synchronized boolean take() {
      long now = System.nanoTime() / 1_000_000_000L;
      if (now != second) {
        second = now;
        taken = 0;
      }
      return ++taken <= MAX_PER_SECOND;
    }
  }
}

package mooring.status;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Problem;
import mooring.core.ProblemException;

/**
 * What happens when an id is not known here: it may have been created elsewhere a moment ago, so
 * the store is asked, once per id, a few at a time, and seldom enough per tenant that guessing ids
 * costs nobody else anything.
 */
public final class MissLookup {
  private static final int MAX_AT_ONCE = 8;
  private static final int MAX_PER_SECOND = 10;
  private static final int REMEMBERED = 10_000;

  private final InstanceStore store;
  private final StatusFeed feed;
  private final Map<String, Completable> underWay = new ConcurrentHashMap<>();
  private final Map<UUID, Window> windows = new ConcurrentHashMap<>();
  private final Map<String, Boolean> nowhere =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
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
    synchronized (nowhere) {
      if (nowhere.containsKey(shortId)) {
        return Completable.complete();
      }
    }
    Completable shared = underWay.get(shortId);
    if (shared != null) {
      return shared;
    }
    Window window = windows.computeIfAbsent(tenant, id -> new Window());
    if (underWay.size() >= MAX_AT_ONCE || !window.take()) {
      return Completable.error(
          new ProblemException(
              new Problem.Unavailable("too many look-ups of unknown databases", 1)));
    }
    return underWay.computeIfAbsent(shortId, this::start);
  }

  private Completable start(String shortId) {
    Single<Boolean> found =
        store.find(shortId).doOnSuccess(feed::publish).map(Instance::deleted).defaultIfEmpty(true);
    return found
        .doOnSuccess(gone -> remember(shortId, gone))
        .ignoreElement()
        .doFinally(() -> underWay.remove(shortId))
        .cache();
  }

  private void remember(String shortId, boolean gone) {
    if (gone) {
      synchronized (nowhere) {
        nowhere.put(shortId, true);
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

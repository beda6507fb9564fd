package mooring.status;

import io.reactivex.rxjava3.core.Completable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Problem;
import mooring.core.ProblemException;

/**
 * Look-ups of what is not known here: one for all who ask for the same meanwhile, a few at a time,
 * and seldom enough per tenant that guessing costs nobody else anything.
 */
final class BoundedLookUps {
  private static final int MAX_AT_ONCE = 8;
  private static final int MAX_PER_SECOND = 10;

  private record Asked(UUID tenant, Object what) {}

  private final String things;
  private final Map<Asked, Completable> underWay = new ConcurrentHashMap<>();
  private final Map<UUID, Window> windows = new ConcurrentHashMap<>();

  /**
   * @param things what is looked up, in the plural
   */
  BoundedLookUps(String things) {
    this.things = things;
  }

  /**
   * Looks something up, or waits for who does.
   *
   * @param tenant who asks, and whose share is used
   * @return fails with {@link Problem.Unavailable} beyond the limits
   */
  Completable run(UUID tenant, Object what, Completable lookUp) {
    Asked asked = new Asked(tenant, what);
    Completable shared = underWay.get(asked);
    if (shared != null) {
      return shared;
    }
    Window window = windows.computeIfAbsent(tenant, id -> new Window());
    if (underWay.size() >= MAX_AT_ONCE || !window.take()) {
      return Completable.error(
          new ProblemException(
              new Problem.Unavailable("too many look-ups of unknown " + things, 1)));
    }
    return underWay.computeIfAbsent(
        asked, first -> lookUp.doFinally(() -> underWay.remove(asked)).cache());
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

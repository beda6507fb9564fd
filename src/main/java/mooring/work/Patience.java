package mooring.work;

import java.time.Duration;

/** How long something that goes wrong is put up with. */
final class Patience {
  private boolean begun;
  private long sinceNanos;

  /** Whether it has gone wrong for so long; the first time is now. */
  boolean over(Duration time) {
    long now = System.nanoTime();
    if (!begun) {
      begun = true;
      sinceNanos = now;
    }
    return now - sinceNanos >= time.toNanos();
  }

  /** The next time is the first one again. */
  void renew() {
    begun = false;
  }
}

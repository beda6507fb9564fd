package mooring.status;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How old this replica's view of the platform can be. */
public final class Freshness {
  private final LongSupplier lastHeardNanos;
  private final long boundNanos;

  /**
   * @param lastHeardNanos when the platform last proved that the view is current, by {@link
   *     System#nanoTime()}
   * @param bound up to which age the view counts as current
   */
  public Freshness(LongSupplier lastHeardNanos, Duration bound) {
    this.lastHeardNanos = lastHeardNanos;
    this.boundNanos = bound.toNanos();
  }

  /** Seconds since the platform was last heard, as the {@code Age} header has it. */
  public long ageSeconds() {
    return Duration.ofNanos(age()).toSeconds();
  }

  /** Whether the view is older than it may be unsaid. */
  public boolean stale() {
    return age() > boundNanos;
  }

  private long age() {
    return Math.max(0, System.nanoTime() - lastHeardNanos.getAsLong());
  }
}

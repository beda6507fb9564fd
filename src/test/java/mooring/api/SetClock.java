package mooring.api;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Goes like any other clock until it is set, and then stands. */
public final class SetClock extends Clock {
  private volatile Instant standing;

  /** Null lets it go again. */
  public void set(Instant now) {
    standing = now;
  }

  @Override
  public Instant instant() {
    Instant now = standing;
    return now == null ? Clock.systemUTC().instant() : now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}

package mooring.core;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;

/**
 * The hours of each week, in UTC, in which a database may be restarted for an update.
 *
 * @param day on which it opens; null when it never does
 * @param time at which it opens
 */
public record MaintenanceWindow(DayOfWeek day, LocalTime time) {
  private static final Duration LENGTH = Duration.ofHours(4);

  /** What is begun later could still run when it closes. */
  private static final Duration LAST_HOUR = Duration.ofHours(1);

  /** Whether it never opens. */
  public boolean never() {
    return day == null;
  }

  /** Whether an update may begin. */
  public boolean open(Instant now) {
    if (never()) {
      return false;
    }
    ZonedDateTime moment = now.atZone(ZoneOffset.UTC);
    ZonedDateTime opened = moment.with(TemporalAdjusters.previousOrSame(day)).with(time);
    if (opened.isAfter(moment)) {
      opened = opened.minusWeeks(1);
    }
    return moment.isBefore(opened.plus(LENGTH).minus(LAST_HOUR));
  }
}

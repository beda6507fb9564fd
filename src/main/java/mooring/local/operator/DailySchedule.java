package mooring.local.operator;

import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time of day, in UTC, from a schedule of six fields with the seconds first. */
record DailySchedule(LocalTime time) {
  private static final Pattern DAILY =
      Pattern.compile("\\s*(\\d{1,2})\\s+(\\d{1,2})\\s+(\\d{1,2})\\s+[*?]\\s+\\*\\s+[*?]\\s*");

  /** Empty when it is not one that comes once a day at a fixed time. */
  static Optional<DailySchedule> parse(String text) {
    Matcher fields = DAILY.matcher(text);
    if (!fields.matches()) {
      return Optional.empty();
    }
    int second = Integer.parseInt(fields.group(1));
    int minute = Integer.parseInt(fields.group(2));
    int hour = Integer.parseInt(fields.group(3));
    return second > 59 || minute > 59 || hour > 23
        ? Optional.empty()
        : Optional.of(new DailySchedule(LocalTime.of(hour, minute, second)));
  }

  boolean matches(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC).toLocalTime().equals(time);
  }

  /** The last time it came, the moment itself included. */
  Instant latest(Instant moment) {
    OffsetDateTime today = moment.atOffset(ZoneOffset.UTC).with(time);
    return (today.toInstant().isAfter(moment) ? today.minusDays(1) : today).toInstant();
  }

  /** The next time it comes, after the moment. */
  Instant next(Instant moment) {
    return latest(moment).atOffset(ZoneOffset.UTC).plusDays(1).toInstant();
  }
}

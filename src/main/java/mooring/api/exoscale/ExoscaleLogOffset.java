package mooring.api.exoscale;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a log has been read. Lines may have their time in common: a message and its details do.
 *
 * @param time of the last line
 * @param given how many lines of that time have been read; none where that is not known
 */
record ExoscaleLogOffset(Instant time, int given) {
  private static final Pattern FORM = Pattern.compile("([0-9TZ:.-]{1,40})(?:/([0-9]{1,4}))?");

  /**
   * Null for none; refuses what was never answered. The release before answered a time alone: in
   * ascending order what is later comes next, else what is not, the last line once more.
   */
  static ExoscaleLogOffset parse(String text, boolean newestFirst) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      Matcher parts = FORM.matcher(text);
      if (parts.matches()) {
        Instant time = Instant.parse(parts.group(1));
        if (parts.group(2) != null) {
          return new ExoscaleLogOffset(time, Integer.parseInt(parts.group(2)));
        }
        return new ExoscaleLogOffset(newestFirst ? time : time.plusNanos(1), 0);
      }
    } catch (DateTimeException e) {
      // Refused like any other.
    }
    ExoscaleRules rules = new ExoscaleRules();
    rules.refuse("offset", "must be one that was answered before");
    throw rules.refusal();
  }

  @Override
  public String toString() {
    return time + "/" + given;
  }
}

package mooring.api;

import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * When an answer is made, as RFC 9110, section 6.6.1 wants it told. Worded once a second, by the
 * first that asks: to do so for each answer would cost a poll more than its body does.
 */
final class DateField {
  private static final int SECOND_MILLIS = 1_000;

  /** Java's own format of this kind has days of one digit. */
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static volatile Worded last = Worded.at(0);

  private DateField() {}

  /** The present second. */
  static CharSequence now() {
    long second = System.currentTimeMillis() / SECOND_MILLIS;
    Worded known = last;
    if (known.second != second) {
      known = Worded.at(second);
      last = known;
    }
    return known.text;
  }

  private record Worded(long second, CharSequence text) {
    static Worded at(long second) {
      String text = FORMAT.format(Instant.ofEpochSecond(second));
      return new Worded(second, HttpHeaders.createOptimized(text));
    }
  }
}

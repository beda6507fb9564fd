package mooring;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** The message and the values of a log line in quotation marks, which end where they seem to. */
final class LogValues extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    append(line, "msg", event.getFormattedMessage());
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs == null) {
      return line.append(' ').toString();
    }
    pairs.forEach(pair -> append(line.append(' '), pair.key, pair.value));
    return line.toString();
  }

  private static void append(StringBuilder line, String key, Object value) {
    String escaped =
        String.valueOf(value)
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r");
    line.append(key).append("=\"").append(escaped).append('"');
  }
}

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
    line.append(key).append("=\"");
    String.valueOf(value).codePoints().forEach(character -> append(line, character));
    line.append('"');
  }

  /** As JSON escapes it; terminals and readers of lines act upon more than line feeds. */
  private static void append(StringBuilder line, int character) {
    switch (character) {
      case '\\', '"' -> line.append('\\').appendCodePoint(character);
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        boolean acts = Character.isISOControl(character) || isLineEnd(character);
        if (acts) {
          line.append("\\u%04x".formatted(character));
        } else {
          line.appendCodePoint(character);
        }
      }
    }
  }

  private static boolean isLineEnd(int character) {
    int type = Character.getType(character);
    return type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
  }
}

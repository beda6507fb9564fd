package mooring.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one proxy says in {@code Forwarded} (RFC 7239) of the request that it got.
 *
 * @param from the address that it came from; null when that is not said, or in no numbers
 * @param host null when it is not said
 * @param proto null when it is not said
 */
record ForwardedElement(String from, String host, String proto) {
  private static final Pattern PAIR =
      Pattern.compile("\\s*([A-Za-z]+)=(?:\"([^\"]*)\"|([^\",;\\s]*))\\s*([,;]|$)");

  private static final Pattern PORT = Pattern.compile("^\\[(.*)](:.*)?$|^([^:]*):[^:]*$");

  /** The elements of a header, the first proxy's first; none when it cannot be read. */
  static List<ForwardedElement> parse(String header) {
    List<ForwardedElement> elements = new ArrayList<>();
    ForwardedElement element = new ForwardedElement(null, null, null);
    Matcher pair = PAIR.matcher(header);
    int at = 0;
    while (at < header.length()) {
      if (!pair.find(at) || pair.start() != at) {
        return List.of();
      }
      String value = pair.group(2) == null ? pair.group(3) : pair.group(2);
      element = element.with(pair.group(1).toLowerCase(Locale.ROOT), value);
      at = pair.end();
      if (!pair.group(4).equals(";")) {
        elements.add(element);
        element = new ForwardedElement(null, null, null);
      }
    }
    return elements;
  }

  private ForwardedElement with(String name, String value) {
    return switch (name) {
      case "for" -> new ForwardedElement(address(value), host, proto);
      case "host" -> new ForwardedElement(from, value, proto);
      case "proto" -> new ForwardedElement(from, host, value);
      default -> this;
    };
  }

  private static String address(String node) {
    Matcher port = PORT.matcher(node);
    if (!port.matches()) {
      return node;
    }
    return port.group(1) == null ? port.group(3) : port.group(1);
  }
}

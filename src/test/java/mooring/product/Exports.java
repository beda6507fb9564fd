package mooring.product;

import java.util.Map;
import java.util.stream.Collectors;

/** The variables that shell lines of the form {@code export NAME=value} set. */
final class Exports {
  private static final String EXPORT = "export ";

  private Exports() {}

  static Map<String, String> of(String lines) {
    return lines
        .lines()
        .filter(line -> line.startsWith(EXPORT))
        .map(line -> line.substring(EXPORT.length()).split("=", 2))
        .collect(Collectors.toMap(part -> part[0], part -> part[1]));
  }
}

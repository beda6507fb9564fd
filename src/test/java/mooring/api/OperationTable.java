package mooring.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** README's table of operations and of the tests that ask for them. */
final class OperationTable {
  private static final Path README = Path.of("README.md");
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| (Uncloud|Cloudheed|IONOS|Exoscale) \\| `([\\w-]+)` \\| `([A-Z]+ /\\S*)`"
              + " \\| `(\\w+)` \\|$",
          Pattern.MULTILINE);

  private OperationTable() {}

  /**
   * A line of it.
   *
   * @param api as README spells it
   * @param operation by its id
   * @param request method and path
   * @param test the class
   */
  record Row(String api, String operation, String request, String test) {
    private static Row of(MatchResult found) {
      return new Row(found.group(1), found.group(2), found.group(3), found.group(4));
    }

    /** What the API's contract is called. */
    String contract() {
      return api.toLowerCase(Locale.ROOT);
    }

    /** The full name of the test. */
    String testClass() {
      return "mooring.api." + contract() + "." + test;
    }

    /** The line as it stands there. */
    String line() {
      return "| %s | `%s` | `%s` | `%s` |".formatted(api, operation, request, test);
    }
  }

  /** All of them, in the order in which they stand there. */
  static List<Row> rows() {
    try {
      return ROW.matcher(Files.readString(README)).results().map(Row::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

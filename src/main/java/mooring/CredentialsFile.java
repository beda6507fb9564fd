package mooring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The shell lines that give clients of the demo tenant what they need. A line is added when it is
 * missing and never replaced, so that what a user has put there stays.
 */
final class CredentialsFile {
  static final String NAME = "credentials.env";

  private final DataDirectory directory;

  CredentialsFile(DataDirectory directory) {
    this.directory = directory;
  }

  /**
   * Completes the file.
   *
   * @param lines per variable what makes its value, asked only when the line is missing
   */
  void complete(Map<String, Supplier<String>> lines) {
    String known = directory.read(NAME);
    StringBuilder content = new StringBuilder(known == null ? "" : known);
    Map<String, String> missing = new LinkedHashMap<>();
    lines.forEach(
        (name, value) -> {
          if (known == null || !known.contains("export " + name + "=")) {
            missing.put(name, value.get());
          }
        });
    if (!missing.isEmpty()) {
      if (!content.isEmpty() && content.charAt(content.length() - 1) != '\n') {
        content.append('\n');
      }
      content.append(exports(missing));
      directory.writePrivately(NAME, content.toString());
    }
  }

  /** The value of a variable that the file has a line for; null for none. */
  String value(String name) {
    String known = directory.read(NAME);
    String line = "export " + name + "=";
    return known == null
        ? null
        : known
            .lines()
            .filter(one -> one.startsWith(line))
            .map(one -> one.substring(line.length()))
            .findFirst()
            .orElse(null);
  }

  /** The command that takes the file's variables into a shell. */
  String sourceCommand() {
    return "source " + quoted(directory.resolve(NAME).toString());
  }

  /** As one word of a POSIX shell. */
  static String quoted(String text) {
    return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Shell lines that export the variables. */
  static String exports(Map<String, String> variables) {
    StringBuilder lines = new StringBuilder();
    variables.forEach(
        (name, value) ->
            lines.append("export ").append(name).append('=').append(value).append('\n'));
    return lines.toString();
  }
}

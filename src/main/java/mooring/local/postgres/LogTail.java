package mooring.local.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The end of what a server or program wrote, for error messages. */
final class LogTail {
  private static final int MAX_BYTES = 4096;
  private static final int MAX_CHARACTERS = 400;
  private static final Pattern TELLING =
      Pattern.compile("\\b(FATAL|PANIC|ERROR|error|could not|invalid|unrecognized)\\b");
  private static final Pattern PREFIX =
      Pattern.compile("^[-0-9]+ [:.0-9]+ \\S+ \\[\\d+\\] (LOG|FATAL|PANIC|ERROR): +");
  private final Path file;

  LogTail(Path file) {
    this.file = file;
  }

  /** The last lines that tell of a failure, on one line. */
  String lines() {
    List<String> lines = read().lines().toList();
    List<String> telling =
        lines.stream().filter(line -> TELLING.matcher(line).find()).distinct().toList();
    List<String> causes =
        telling.stream().filter(line -> !line.endsWith("contains errors")).toList();
    List<String> chosen = causes.isEmpty() ? telling : causes;
    if (chosen.isEmpty()) {
      chosen = lines.subList(Math.max(0, lines.size() - 1), lines.size());
    }
    String text =
        chosen.stream()
            .skip(Math.max(0, chosen.size() - 4))
            .map(line -> PREFIX.matcher(line).replaceFirst(""))
            .collect(Collectors.joining("; "));
    return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "...";
  }

  private String read() {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      int size = (int) Math.min(MAX_BYTES, log.length());
      byte[] bytes = new byte[size];
      log.seek(log.length() - size);
      log.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(its log cannot be read)";
    }
  }
}

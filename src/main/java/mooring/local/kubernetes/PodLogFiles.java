package mooring.local.kubernetes;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pods' logs as a kubelet serves them, where what stands in for it writes them: {@code
 * {directory}/{namespace}/{pod}/server.log}. Reading blocks.
 */
final class PodLogFiles {
  private static final String NAME = "([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)";
  private static final Pattern PATH =
      Pattern.compile("/api/v1/namespaces/" + NAME + "/pods/" + NAME + "/log");

  /** What PostgreSQL begins a line with, unless it goes on with the one before. */
  private static final Pattern TIME =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d\\.\\d{3}) (?:UTC|GMT) .*");

  /** More than a server keeps; of one that is longer for the moment, the end. */
  private static final int MAX_BYTES = 16 << 20;

  private final Path directory;

  /**
   * @param directory null for none
   */
  PodLogFiles(Path directory) {
    this.directory = directory;
  }

  /** What a request for a log asks for. */
  record Wish(Path file, String pod, boolean timestamps, Instant since, long tail, long bytes) {}

  /** What is asked for; empty where it is no log. */
  Optional<Wish> asked(HttpServerRequest request) {
    Matcher path = PATH.matcher(request.path());
    if (directory == null || !path.matches()) {
      return Optional.empty();
    }
    Path file = directory.resolve(path.group(1)).resolve(path.group(2)).resolve("server.log");
    return Optional.of(
        new Wish(
            file,
            path.group(2),
            "true".equals(request.getParam("timestamps")),
            time(request.getParam("sinceTime")),
            number(request, "tailLines"),
            number(request, "limitBytes")));
  }

  /** The log; fails with a {@link StatusException} where there is none. */
  Buffer read(Wish wish) throws IOException {
    if (!Files.isRegularFile(wish.file())) {
      throw StatusException.notFound(
          ResourceTypes.find("", "v1", "pods").orElseThrow(), wish.pod());
    }
    Deque<String> lines = new ArrayDeque<>();
    Instant last = Files.getLastModifiedTime(wish.file()).toInstant();
    Instant time = null;
    for (String line : end(wish.file()).split("\n", -1)) {
      Instant own = time(line, time);
      time = own == null ? time : own;
      Instant at = time == null ? last : time;
      if (!line.isEmpty() && (wish.since() == null || !at.isBefore(wish.since()))) {
        lines.addLast(wish.timestamps() ? at + " " + line : line);
      }
      if (wish.tail() >= 0 && lines.size() > wish.tail()) {
        lines.removeFirst();
      }
    }
    Buffer all = Buffer.buffer();
    lines.forEach(line -> all.appendString(line).appendString("\n"));
    return wish.bytes() < 0 || wish.bytes() >= all.length()
        ? all
        : all.getBuffer(0, (int) wish.bytes());
  }

  private static String end(Path file) throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long length = log.length();
      log.seek(Math.max(0, length - MAX_BYTES));
      byte[] bytes = new byte[(int) Math.min(length, MAX_BYTES)];
      int count = 0;
      int more;
      while (count < bytes.length && (more = log.read(bytes, count, bytes.length - count)) > 0) {
        count += more; // it may have begun anew meanwhile
      }
      return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }
  }

  private static Instant time(String line, Instant before) {
    Matcher time = TIME.matcher(line);
    return time.matches() ? time(time.group(1) + "T" + time.group(2) + "Z") : before;
  }

  private static Instant time(String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw StatusException.badRequest("not a time: \"" + text + "\"");
    }
  }

  private static long number(HttpServerRequest request, String name) {
    String text = request.getParam(name);
    try {
      return text == null ? -1 : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw StatusException.badRequest(name + ": Invalid value: \"" + text + "\"");
    }
  }
}

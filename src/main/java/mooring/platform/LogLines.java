package mooring.platform;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import mooring.core.InstanceLog.Line;
import mooring.core.LogQuery;

/**
 * Picks lines from a pod's log with timestamps, as it comes in and within bounds: of a long line
 * its beginning, and of a log that goes on and on what has come by then.
 */
final class LogLines {
  private static final int MAX_LINE_BYTES = 16 * 1024;
  private static final long MAX_LOG_BYTES = 64L << 20;
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Of all lines together that are kept: an answer is no place for a whole log. */
  private static final long MAX_KEPT_CHARS = 4L << 20;

  private final LogQuery query;
  private final Deque<Line> lines = new ArrayDeque<>();
  private long kept;

  LogLines(LogQuery query) {
    this.query = query;
  }

  /** Blocks until the log ends, or more of it would change nothing. */
  List<Line> read(InputStream log, long deadlineNanos) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    byte[] line = new byte[MAX_LINE_BYTES];
    int length = 0;
    long total = 0;
    int count;
    while ((count = log.read(buffer)) >= 0 && total < MAX_LOG_BYTES) {
      total += count;
      for (int i = 0; i < count; i++) {
        if (buffer[i] == '\n') {
          take(new String(line, 0, length, StandardCharsets.UTF_8));
          length = 0;
        } else if (length < MAX_LINE_BYTES) {
          line[length++] = buffer[i];
        }
      }
      if (enough() || System.nanoTime() > deadlineNanos) {
        return inOrder();
      }
    }
    if (length > 0) {
      take(new String(line, 0, length, StandardCharsets.UTF_8));
    }
    return inOrder();
  }

  private boolean enough() {
    return !query.newestFirst() && (lines.size() == query.limit() || kept >= MAX_KEPT_CHARS);
  }

  private List<Line> inOrder() {
    List<Line> all = new ArrayList<>(lines);
    if (query.newestFirst()) {
      Collections.reverse(all);
    }
    return all;
  }

  private void take(String line) {
    int space = line.indexOf(' ');
    Instant time = space < 0 ? null : time(line.substring(0, space));
    if (time == null || !query.covers(time) || enough()) {
      return;
    }
    String message = message(line.substring(space + 1));
    if (message != null) {
      lines.addLast(new Line(time, message));
      kept += message.length();
    }
    while (lines.size() > query.limit() || (kept > MAX_KEPT_CHARS && query.newestFirst())) {
      kept -= lines.removeFirst().message().length();
    }
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** What PostgreSQL says; CloudNativePG wraps it, and its own words are nobody's here: null. */
  private static String message(String said) {
    if (!said.startsWith("{")) {
      return said;
    }
    JsonObject wrapped;
    try {
      wrapped = new JsonObject(said);
    } catch (DecodeException e) {
      return said;
    }
    if (!(wrapped.getValue("record") instanceof JsonObject record)) {
      return wrapped.containsKey("logger") ? null : said;
    }
    String severity = record.getString("error_severity");
    String message = record.getString("message", "");
    return severity == null ? message : severity + ":  " + message;
  }
}

package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import mooring.core.InstanceLog.Line;
import mooring.core.LogQuery;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private static final Instant START = Instant.parse("2026-03-17T10:00:00Z");
  private static final String LOG =
      """
      2026-03-17T09:59:59.999999999Z before
      2026-03-17T10:00:00Z {"level":"info","logger":"instance-manager","msg":"starting"}
      2026-03-17T10:00:01Z {"logger":"postgres","msg":"record","record":{"error_severity":"LOG","message":"ready"}}
      2026-03-17T10:00:02+00:00 plain
      no time at all
      2026-03-17T10:00:03Z {not json
      2026-03-17T10:00:04Z\s
      2026-03-17T10:00:05Z after
      """;

  @Test
  void takesWhatPostgresqlSaidInTheTimeThatIsAskedFor() throws IOException {
    assertThat(read(false, 10)).containsExactly("LOG:  ready", "plain", "{not json", "");
    assertThat(read(true, 10)).containsExactly("", "{not json", "plain", "LOG:  ready");
  }

  @Test
  void takesNoMoreThanIsAskedFor() throws IOException {
    assertThat(read(false, 2)).containsExactly("LOG:  ready", "plain");
    assertThat(read(true, 2)).containsExactly("", "{not json");
  }

  @Test
  void takesTheBeginningOfALongLine() throws IOException {
    String line = START + " " + "x".repeat(1 << 20) + "\n" + START + " next";
    LogQuery query = new LogQuery(START, START.plusSeconds(1), false, 10);
    List<Line> lines = lines(query, line);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).message()).hasSizeLessThan(16 * 1024).startsWith("xxx");
    assertThat(lines.get(1).message()).isEqualTo("next");
  }

  private static List<String> read(boolean newestFirst, int limit) throws IOException {
    LogQuery query = new LogQuery(START, START.plusSeconds(5), newestFirst, limit);
    return lines(query, LOG).stream().map(Line::message).toList();
  }

  private static List<Line> lines(LogQuery query, String log) throws IOException {
    return new LogLines(query)
        .read(
            new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)),
            System.nanoTime() + 60_000_000_000L);
  }
}

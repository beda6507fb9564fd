package mooring.core;

import java.time.Instant;
import java.util.List;

/**
 * What one of a database's servers has said.
 *
 * @param server its name
 * @param lines in the order that was asked for
 */
public record InstanceLog(String server, List<Line> lines) {

  public InstanceLog {
    lines = List.copyOf(lines);
  }

  /** A line of a log. */
  public record Line(Instant time, String message) {}
}

package mooring.core;

import java.time.Instant;

/**
 * Which lines of a database's logs are asked for.
 *
 * @param start none before this
 * @param end none from this on
 * @param newestFirst whether the newest ones, and in that order
 * @param limit how many of each server at most
 */
public record LogQuery(Instant start, Instant end, boolean newestFirst, int limit) {

  /** Whether a line of a time is asked for. */
  public boolean covers(Instant time) {
    return !time.isBefore(start) && time.isBefore(end);
  }
}

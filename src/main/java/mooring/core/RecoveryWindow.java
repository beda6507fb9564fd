package mooring.core;

import java.time.Instant;

/**
 * The moments that a database can be recovered to.
 *
 * @param earliest the first
 * @param latest the last
 */
public record RecoveryWindow(Instant earliest, Instant latest) {

  /** Whether a moment lies within, both ends included. */
  public boolean contains(Instant moment) {
    return !moment.isBefore(earliest) && !moment.isAfter(latest);
  }
}

package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * What a new database is recovered from: one backup as it was taken, a moment, or without either
 * all that its archive holds.
 *
 * @param source the database that was backed up; it may be gone by now
 * @param sourceName the name of its archive
 * @param retentionDays of the archive that holds the backup; 0 for the one that keeps all
 * @param backup the platform's id of the backup; null for none
 * @param moment the moment; null for none
 * @param end when what is recovered ends; null for all that there is up to now
 */
public record Recovery(
    UUID source, String sourceName, int retentionDays, String backup, Instant moment, Instant end) {

  public Recovery {
    if (backup != null && moment != null) {
      throw new IllegalArgumentException("a backup or a moment, not both");
    }
    end = moment == null ? end : moment;
  }

  /** One that ends at its moment, or with all that there is. */
  public Recovery(
      UUID source, String sourceName, int retentionDays, String backup, Instant moment) {
    this(source, sourceName, retentionDays, backup, moment, moment);
  }
}

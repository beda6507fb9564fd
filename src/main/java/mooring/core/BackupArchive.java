package mooring.core;

import java.time.Instant;

/**
 * The base backups of a database's servers and the log that leads on from them: every moment since
 * the first of them can be recovered.
 *
 * @param name by which the platform knows it
 * @param generation of the servers, as {@link Lineage} counts
 * @param version of PostgreSQL
 * @param retentionDays how long it keeps backups
 * @param openedAt when it was begun
 * @param closedAt when the last came in; null while it is written
 * @param earliest the first such moment; null before the first base backup
 * @param sizeBytes of the base backups; 0 while unknown
 */
public record BackupArchive(
    String name,
    int generation,
    String version,
    int retentionDays,
    Instant openedAt,
    Instant closedAt,
    Instant earliest,
    long sizeBytes) {

  /** Whether a moment up to now can be recovered from it. */
  boolean holds(Instant moment) {
    return earliest != null
        && !moment.isBefore(earliest)
        && (closedAt == null || moment.isBefore(closedAt));
  }

  /** Whether it is the one that the database's log goes to now. */
  public boolean active() {
    return closedAt == null;
  }
}

package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * A backup of a database: one that somebody asked for, or one that is made daily.
 *
 * @param shortId 8 lower-case hexadecimal digits
 * @param instance the database
 * @param name as given; null for none
 * @param manual whether somebody asked for it
 * @param phase how it stands
 * @param reason why it failed; null in every other phase
 * @param sizeBytes 0 while unknown
 * @param createdAt when it was asked for or due
 * @param startedAt when it began; null before
 * @param completedAt when it was complete; null before, and when it failed
 * @param expiresAt when its archive no longer keeps it; null when that keeps it until it is
 *     removed, and before it is complete
 * @param archiveDays how long the archive that holds it keeps backups; 0 until they are removed
 * @param platformId the platform's id, by which a recovery names it; null before it is complete
 */
public record Backup(
    String shortId,
    UUID instance,
    String name,
    boolean manual,
    Phase phase,
    String reason,
    long sizeBytes,
    Instant createdAt,
    Instant startedAt,
    Instant completedAt,
    Instant expiresAt,
    int archiveDays,
    String platformId) {

  /** How a backup stands. */
  public enum Phase {
    PENDING,
    IN_PROGRESS,
    COMPLETED,
    FAILED
  }
}

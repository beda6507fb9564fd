package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * A backup as the platform shows it.
 *
 * @param shortId of the request it was made for; of a daily one, 8 hexadecimal digits of its own
 * @param instance the database
 * @param manual whether it was made for a request
 * @param phase how it stands
 * @param reason why it failed; null in every other phase
 * @param sizeBytes 0 while unknown
 * @param createdAt when it was made known to the platform
 * @param startedAt when it began; null before
 * @param completedAt when it was complete; null before
 * @param archiveDays how long the archive that holds a daily one keeps it; 0 for one that was made
 *     for a request, see {@link BackupPlatform#archiveDays}
 * @param platformId by which a recovery names it; null before it is complete
 */
public record SeenBackup(
    String shortId,
    UUID instance,
    boolean manual,
    Backup.Phase phase,
    String reason,
    long sizeBytes,
    Instant createdAt,
    Instant startedAt,
    Instant completedAt,
    int archiveDays,
    String platformId) {}

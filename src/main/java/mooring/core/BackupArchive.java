package mooring.core;

import java.time.Instant;

/**
 * The base backups of a database and the log that leads on from them: every moment since the first
 * of them can be recovered.
 *
 * @param earliest the first such moment; null before the first base backup
 * @param sizeBytes of the base backups; 0 while unknown
 */
public record BackupArchive(Instant earliest, long sizeBytes) {}

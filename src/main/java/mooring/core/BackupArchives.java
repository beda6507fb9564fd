package mooring.core;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** What can be recovered of databases, from memory. */
public final class BackupArchives {
  private static final int RETRY_SECONDS = 60;

  private final BackupObservations seen;
  private final Clock clock;

  public BackupArchives(BackupObservations seen, Clock clock) {
    this.seen = seen;
    this.clock = clock;
  }

  /** A database's archive; empty where none is kept. */
  public Optional<BackupArchive> of(Instance instance) {
    if (!seen.offered() || instance.setup().retentionDays() == 0) {
      return Optional.empty();
    }
    long bytes =
        seen.of(instance).stream()
            .filter(backup -> !backup.manual())
            .mapToLong(SeenBackup::sizeBytes)
            .sum();
    return Optional.of(new BackupArchive(seen.firstRecoverable(instance).orElse(null), bytes));
  }

  /**
   * What to recover a new database from.
   *
   * @param end the first moment that is not recovered any more; null for all there is
   * @return {@link Problem.Invalid} naming {@link Field#MOMENT} for one that cannot be reached,
   *     {@link Problem.Unavailable} before the first base backup
   */
  public Recovery recovery(Instance source, Instant end) {
    Instant earliest = of(source).map(BackupArchive::earliest).orElseThrow(BackupArchives::nothing);
    // PostgreSQL counts in microseconds, so this is the last moment before the end.
    Instant moment = end == null ? null : end.minusNanos(1_000);
    Instant now = clock.instant();
    if (end != null && (moment.isBefore(earliest) || end.isAfter(now))) {
      throw new ProblemException(
          new Problem.Invalid(
              Field.MOMENT, "must lie after " + earliest + " and not after " + now));
    }
    return new Recovery(
        source.id(), source.objectName(), source.setup().retentionDays(), null, moment);
  }

  private static ProblemException nothing() {
    return new ProblemException(
        new Problem.Unavailable("there is no backup to recover from yet", RETRY_SECONDS));
  }
}

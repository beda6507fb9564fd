package mooring.core;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * A database's archives, the newest first: that of its servers, and those of servers or versions
   * before that are still kept. Empty where none is kept.
   */
  public List<BackupArchive> of(Instance instance) {
    List<BackupArchive> all = new ArrayList<>();
    if (!seen.offered()) {
      return all;
    }
    if (!instance.deleted() && instance.setup().retentionDays() > 0) {
      all.add(present(instance));
    }
    List<Lineage.Former> former = closed(instance);
    for (int i = former.size() - 1; i >= 0; i--) {
      if (!former.get(i).expired(clock.instant())) {
        former(instance, former.get(i)).ifPresent(all::add);
      }
    }
    return all;
  }

  /** Those of servers before; of a deleted database, all. */
  private static List<Lineage.Former> closed(Instance instance) {
    Lineage lineage = instance.setup().lineage();
    if (!instance.deleted()) {
      return lineage.former();
    }
    return instance.backupsOutliveIt()
        ? instance
            .setup()
            .restoredFrom(null, instance.spec().version(), instance.deletedAt())
            .lineage()
            .former()
        : List.of();
  }

  /**
   * What to recover from an archive.
   *
   * @param end the first moment that is not recovered any more; null for all there is
   * @return {@link Problem.Invalid} naming {@link Field#MOMENT} for one that cannot be reached,
   *     {@link Problem.Unavailable} before the first base backup
   */
  public Recovery recovery(Instance source, BackupArchive archive, Instant end) {
    if (archive.earliest() == null) {
      throw new ProblemException(
          new Problem.Unavailable("there is no backup to recover from yet", RETRY_SECONDS));
    }
    Instant last = archive.active() ? clock.instant() : archive.closedAt();
    // PostgreSQL counts in microseconds, so this is the last moment before the end.
    Instant moment = end == null ? null : end.minusNanos(1_000);
    if (end != null && (moment.isBefore(archive.earliest()) || end.isAfter(last))) {
      throw new ProblemException(
          new Problem.Invalid(
              Field.MOMENT, "must lie after " + archive.earliest() + " and not after " + last));
    }
    // Where nothing follows, all there is ends there.
    boolean all = !archive.active() && last.equals(end);
    return new Recovery(
        source.id(),
        archive.name(),
        archive.retentionDays(),
        null,
        all ? null : moment,
        archive.closedAt());
  }

  private BackupArchive present(Instance instance) {
    Instant since = instance.setup().lineage().since();
    String name = instance.archiveName();
    return new BackupArchive(
        name,
        instance.generation(),
        instance.spec().version(),
        instance.setup().retentionDays(),
        since == null ? instance.createdAt() : since,
        null,
        seen.firstRecoverable(instance).orElse(null),
        bytes(instance, name));
  }

  /** Empty when nothing of it was kept, as when there was no backup yet. */
  private Optional<BackupArchive> former(Instance instance, Lineage.Former one) {
    String name = instance.archiveName(one.generation(), one.version());
    return seen.firstRecoverable(name, one.retentionDays())
        .map(
            earliest ->
                new BackupArchive(
                    name,
                    one.generation(),
                    one.version(),
                    one.retentionDays(),
                    one.since() == null ? instance.createdAt() : one.since(),
                    one.until(),
                    earliest,
                    bytes(instance, name)));
  }

  private long bytes(Instance instance, String archive) {
    return seen.of(instance).stream()
        .filter(backup -> !backup.manual())
        .filter(backup -> instance.archiveName(backup.createdAt()).equals(archive))
        .mapToLong(SeenBackup::sizeBytes)
        .sum();
  }
}

package mooring.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the platform last showed of backups; answered from memory. */
public interface BackupObservations {

  /** Whether backups can be made here at all. */
  boolean offered();

  /** The backups of a database that are there, in no order, those of servers before too. */
  List<SeenBackup> of(Instance instance);

  /** The first moment that a database can be recovered to; empty before its first backup. */
  default Optional<Instant> firstRecoverable(Instance instance) {
    return firstRecoverable(instance.archiveName(), instance.setup().retentionDays());
  }

  /**
   * The first moment that an archive can be recovered to; empty before its first backup.
   *
   * @param archive its name
   * @param days how long it keeps backups
   */
  Optional<Instant> firstRecoverable(String archive, int days);
}

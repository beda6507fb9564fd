package mooring.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mooring.core.BackupObservations;
import mooring.core.Instance;
import mooring.core.SeenBackup;

/** What the platform shows of backups, said by the test. */
public final class SeenBackups implements BackupObservations {
  public final Map<UUID, Instant> first = new ConcurrentHashMap<>();

  /** Of other archives than a database's first while that is its own, by their names. */
  public final Map<String, Instant> archives = new ConcurrentHashMap<>();

  public final List<SeenBackup> seen = new CopyOnWriteArrayList<>();
  public volatile boolean offered = true;

  @Override
  public boolean offered() {
    return offered;
  }

  @Override
  public List<SeenBackup> of(Instance instance) {
    return seen.stream().filter(one -> one.instance().equals(instance.id())).toList();
  }

  @Override
  public Optional<Instant> firstRecoverable(Instance instance) {
    return instance.archiveName().equals(instance.objectName())
        ? Optional.ofNullable(first.get(instance.id()))
        : BackupObservations.super.firstRecoverable(instance);
  }

  @Override
  public Optional<Instant> firstRecoverable(String archive, int days) {
    return Optional.ofNullable(archives.get(archive));
  }
}

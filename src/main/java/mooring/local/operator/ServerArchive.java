package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mooring.local.postgres.Directories;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.WalArchive;

/**
 * What an object store holds of one server: backups in {@code base}, write-ahead log in {@code
 * wal}.
 */
final class ServerArchive {
  private static final String UNFINISHED = "unfinished-";
  private final ArchiveTarget target;
  private final Path directory;

  ServerArchive(ArchiveTarget target, Path directory) {
    this.target = target;
    this.directory = directory;
  }

  ArchiveTarget target() {
    return target;
  }

  WalArchive wal() {
    return new WalArchive(directory.resolve("wal"));
  }

  /** The finished backups, the oldest first. */
  List<BackupCopy> copies() {
    Path base = directory.resolve("base");
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(base)) {
      return entries
          .filter(entry -> !isUnfinished(entry))
          .flatMap(entry -> BackupCopy.in(entry).stream())
          .sorted(Comparator.comparing(BackupCopy::consistentAt))
          .toList();
    } catch (IOException e) {
      throw new PostgresException("cannot list " + base, e);
    }
  }

  Optional<BackupCopy> copyOf(String uid) {
    return copies().stream().filter(copy -> copy.uid().equals(uid)).findFirst();
  }

  /** Where a backup will be. */
  Path place(String id) {
    return directory.resolve("base").resolve(id);
  }

  /** Where it is made. */
  Path unfinished(String id) {
    return directory.resolve("base").resolve(UNFINISHED + id);
  }

  /** Removes a backup so that a half removed one never looks like one. */
  void remove(BackupCopy copy) {
    try {
      Path leaving = unfinished(copy.id());
      Directories.delete(leaving);
      Directories.moveDurably(copy.directory(), leaving);
      Directories.delete(leaving);
    } catch (IOException e) {
      throw new PostgresException("cannot remove the backup " + copy.id(), e);
    }
  }

  /** Removes what a crash left of backups that were being made or removed. */
  void removeUnfinished() {
    Path base = directory.resolve("base");
    if (!Files.isDirectory(base)) {
      return;
    }
    try (Stream<Path> entries = Files.list(base)) {
      for (Path entry : entries.filter(ServerArchive::isUnfinished).toList()) {
        Directories.delete(entry);
      }
    } catch (IOException e) {
      throw new PostgresException("cannot clear " + base, e);
    }
  }

  private static boolean isUnfinished(Path entry) {
    return entry.getFileName().toString().startsWith(UNFINISHED);
  }

  /** Removes the log that no backup needs. */
  void prune() {
    copies().stream()
        .map(BackupCopy::beginWal)
        .min(Comparator.comparing(segment -> segment.substring(8))) // whatever its timeline
        .ifPresent(first -> wal().removeBefore(first));
  }

  /** Removes all of it. */
  void delete() {
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + directory, e);
    }
  }
}

package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.local.postgres.Directories;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.WalArchive;

/**
 * What an object store holds of one server: backups in {@code base}, write-ahead log in {@code
 * wal}, that of later major versions in {@code wal-16} and the like.
 */
final class ServerArchive {
  private static final String UNFINISHED = "unfinished-";
  private static final String FIRST = "first-major";
  private final ArchiveTarget target;
  private final Path directory;

  ServerArchive(ArchiveTarget target, Path directory) {
    this.target = target;
    this.directory = directory;
  }

  ArchiveTarget target() {
    return target;
  }

  /**
   * The log of one major version. Each has a directory of its own: data begin anew with timeline 1
   * when they are upgraded, so names of before would come again with another content.
   */
  WalArchive wal(int major) {
    return new WalArchive(walDirectory(major));
  }

  private Path walDirectory(int major) {
    return directory.resolve(first().orElse(major) == major ? "wal" : "wal-" + major);
  }

  /** The same, made if need be. */
  WalArchive madeWal(int major) {
    try {
      Path file = directory.resolve(FIRST);
      if (!Files.exists(file)) {
        Path unused = Directories.createPrivate(directory);
        Directories.writePrivately(file, first().orElse(major) + "\n");
      }
    } catch (IOException e) {
      throw new PostgresException("cannot write to " + directory, e);
    }
    WalArchive wal = wal(major);
    wal.create();
    return wal;
  }

  /** The version that its first log is of; by its backups where it was begun without a note. */
  private OptionalInt first() {
    Path file = directory.resolve(FIRST);
    try {
      return Files.exists(file)
          ? OptionalInt.of(Integer.parseInt(Files.readString(file).trim()))
          : copies().stream().mapToInt(BackupCopy::major).findFirst();
    } catch (IOException e) {
      throw new PostgresException("cannot read " + file, e);
    }
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

  /** Removes the log that no backup of its version needs. */
  void prune() {
    Map<Integer, List<BackupCopy>> byMajor =
        copies().stream().collect(Collectors.groupingBy(BackupCopy::major));
    byMajor.forEach(
        (major, copies) ->
            copies.stream()
                .map(BackupCopy::beginWal)
                .min(Comparator.comparing(segment -> segment.substring(8))) // whatever its timeline
                .ifPresent(first -> wal(major).removeBefore(first)));
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

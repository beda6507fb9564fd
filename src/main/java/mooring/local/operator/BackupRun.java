package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import mooring.local.postgres.Directories;
import mooring.local.postgres.PhysicalCopy;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.WalArchive;

/** Takes one backup of a server that goes on serving meanwhile. */
final class BackupRun {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final Clock clock;
  private final Path data;
  private final ServerArchive archive;
  private final Instant startedAt;
  private final String id;

  /**
   * Chooses its identifier.
   *
   * @param data the server's data directory
   * @param archive where the backup belongs
   */
  BackupRun(Clock clock, Path data, ServerArchive archive) {
    this.clock = clock;
    this.data = data;
    this.archive = archive;
    startedAt = clock.instant();
    Instant time = startedAt;
    while (Files.exists(archive.place(ID.format(time)))) {
      time = time.plus(1, ChronoUnit.SECONDS);
    }
    id = ID.format(time);
  }

  String id() {
    return id;
  }

  Instant startedAt() {
    return startedAt;
  }

  /**
   * Copies; what is not whole at the end is removed.
   *
   * @param uid of the Backup object
   * @param check called often; ends the copy by throwing
   * @param copied called when only the disk has to be waited for
   */
  BackupCopy take(String uid, BackupSession session, Runnable check, Runnable copied) {
    Path unfinished = archive.unfinished(id);
    try {
      Directories.delete(unfinished);
      Path made = Directories.createPrivate(unfinished);
      PhysicalCopy copy = new PhysicalCopy(data, check);
      copy.data(made.resolve("data"));
      BackupSession.End end = session.end();
      copy.log(end.beginWal(), end.endWal(), new WalArchive(made.resolve("wal")));
      Files.writeString(made.resolve("data").resolve("backup_label"), end.label());
      copied.run();
      BackupCopy finished =
          new BackupCopy(
              archive.place(id),
              uid,
              session.major(),
              end.beginWal(),
              end.endWal(),
              startedAt,
              clock.instant(),
              end.consistentAt(),
              size(made));
      PhysicalCopy.sync(made);
      finished.describe(made);
      Directories.moveDurably(made, finished.directory());
      return finished;
    } catch (IOException e) {
      throw new PostgresException("cannot write the backup " + id + ": " + e.getMessage(), e);
    } finally {
      removeQuietly(unfinished);
    }
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void removeQuietly(Path directory) {
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + directory, e);
    }
  }
}

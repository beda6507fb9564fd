package mooring.local.operator;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import mooring.local.postgres.DataDirectory;
import mooring.local.postgres.DataRecovery;
import mooring.local.postgres.Directories;
import mooring.local.postgres.LeftOverServer;
import mooring.local.postgres.PasswordFile;
import mooring.local.postgres.PostgresException;

/** The files of one Cluster's server: {@code {directory}/{namespace}/{cluster}-1/}. */
final class InstanceFiles {
  private static final Duration ARCHIVING_LIMIT = Duration.ofMinutes(1);
  private final Path directory;
  private final DataDirectory data;

  InstanceFiles(Path directory) {
    this.directory = directory;
    this.data = new DataDirectory(directory.resolve("pgdata"));
  }

  static InstanceFiles of(OperatorConfig config, String cluster) {
    return new InstanceFiles(
        config.directory().resolve(config.namespace()).resolve(cluster + "-1"));
  }

  DataDirectory data() {
    return data;
  }

  Path certificate() {
    return directory.resolve("server.crt");
  }

  Path key() {
    return directory.resolve("server.key");
  }

  String superuserPassword() {
    return PasswordFile.readOrCreate(directory.resolve("superuser-password"));
  }

  /** Notes whose files these are; another Cluster's are never touched. */
  void claim(ClusterSpec spec) {
    Path owner = directory.resolve("cluster-uid");
    try {
      Directories.createPrivate(directory);
      if (!Files.exists(owner) && data.major().isEmpty()) {
        Directories.writePrivately(owner, spec.uid() + "\n");
      }
    } catch (IOException e) {
      throw new PostgresException("cannot make " + directory, e);
    }
    if (!belongsTo(spec.uid())) {
      throw new NotReadyException(
          Phase.UNRECOVERABLE, "the data directory here belongs to another Cluster of that name");
    }
  }

  boolean belongsTo(String uid) {
    try {
      Path owner = directory.resolve("cluster-uid");
      return Files.exists(owner) && Files.readString(owner).trim().equals(uid);
    } catch (IOException e) {
      throw new PostgresException("cannot read " + directory, e);
    }
  }

  boolean exist() {
    return Files.exists(directory);
  }

  boolean stopLeftOver() {
    boolean recovering = DataRecovery.stopLeftOver(data.path());
    return LeftOverServer.stop(data.path()) || recovering;
  }

  /** Whether the archive keeps up: nothing has waited for it longer than a minute. */
  boolean archiving() {
    return !isWaiting(Instant.now().minus(ARCHIVING_LIMIT));
  }

  /** Whether a server that is stopped has handed all it had to its archive. */
  boolean isArchived() {
    return data.major().isPresent() && data.isShutDown() && !isWaiting(Instant.MAX);
  }

  private boolean isWaiting(Instant since) {
    Path states = data.path().resolve("pg_wal").resolve("archive_status");
    try (DirectoryStream<Path> waiting = Files.newDirectoryStream(states, "*.ready")) {
      for (Path file : waiting) {
        if (isOlder(file, since)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new PostgresException("cannot read " + states, e);
    }
  }

  private static boolean isOlder(Path file, Instant since) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(since);
    } catch (NoSuchFileException e) {
      return false; // archived just now
    }
  }

  /** Removes all of it, the data included. */
  void delete() {
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + directory, e);
    }
  }
}

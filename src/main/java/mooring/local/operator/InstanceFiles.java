package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mooring.local.postgres.DataDirectory;
import mooring.local.postgres.Directories;
import mooring.local.postgres.LeftOverServer;
import mooring.local.postgres.PasswordFile;
import mooring.local.postgres.PostgresException;

/** The files of one Cluster's server: {@code {directory}/{namespace}/{cluster}-1/}. */
final class InstanceFiles {
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
    return LeftOverServer.stop(data.path());
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

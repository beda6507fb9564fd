package mooring.local.operator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mooring.local.postgres.DataDirectory;
import mooring.local.postgres.DataRecovery;
import mooring.local.postgres.Directories;
import mooring.local.postgres.LeftOverServer;
import mooring.local.postgres.MajorUpgrade;
import mooring.local.postgres.PasswordFile;
import mooring.local.postgres.PostgresException;
import mooring.local.postgres.RememberedPort;

/** The files of one server: {@code {directory}/{namespace}/{cluster}-{number}/}. */
final class InstanceFiles {
  private static final Duration ARCHIVING_LIMIT = Duration.ofMinutes(1);
  private static final Pattern NAME = Pattern.compile("(.+)-(\\d{1,9})");
  private final Path directory;
  private final DataDirectory data;

  InstanceFiles(Path directory) {
    this.directory = directory;
    this.data = new DataDirectory(directory.resolve("pgdata"));
  }

  static InstanceFiles of(OperatorConfig config, String cluster, int number) {
    return new InstanceFiles(
        config.directory().resolve(config.namespace()).resolve(Topology.name(cluster, number)));
  }

  /** All that are there, whatever Cluster they are of. */
  static List<InstanceFiles> all(OperatorConfig config) {
    Path namespace = config.directory().resolve(config.namespace());
    if (!Files.isDirectory(namespace)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(namespace)) {
      return entries
          .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
          .filter(Files::isDirectory)
          .sorted()
          .map(InstanceFiles::new)
          .toList();
    } catch (IOException e) {
      throw new PostgresException("cannot list " + namespace, e);
    }
  }

  /** Those of one Cluster's servers. */
  static List<InstanceFiles> all(OperatorConfig config, String cluster) {
    return all(config).stream().filter(files -> files.cluster().equals(cluster)).toList();
  }

  Path directory() {
    return directory;
  }

  /** The server's name. */
  String name() {
    return directory.getFileName().toString();
  }

  String cluster() {
    return part(1);
  }

  int number() {
    return Integer.parseInt(part(2));
  }

  private String part(int group) {
    Matcher matcher = NAME.matcher(name());
    if (!matcher.matches()) {
      throw new IllegalStateException("not a server's name: " + name());
    }
    return matcher.group(group);
  }

  DataDirectory data() {
    return data;
  }

  Path certificate() {
    return directory.resolve("server.crt");
  }

  /** Who certifies the server and its poolers. */
  Path authority() {
    return directory.resolve("ca.crt");
  }

  Path key() {
    return directory.resolve("server.key");
  }

  String superuserPassword() {
    return PasswordFile.readOrCreate(directory.resolve("superuser-password"));
  }

  /** What the standbys of this server log in with. */
  String replicationPassword() {
    return PasswordFile.readOrCreate(directory.resolve("replication-password"));
  }

  /** The passwords of the server that is followed, for when this one takes its place. */
  void takePasswordsOf(InstanceFiles primary) {
    String replication = primary.replicationPassword();
    keep(directory.resolve("superuser-password"), primary.superuserPassword());
    keep(directory.resolve("replication-password"), replication);
    keep(passwords(), "*:*:*:" + ReplicationSession.ROLE + ":" + replication);
  }

  /** Whether it has them already. */
  boolean hasPasswordsOf(InstanceFiles primary) {
    return holds(directory.resolve("superuser-password"), primary.superuserPassword())
        && holds(directory.resolve("replication-password"), primary.replicationPassword());
  }

  private static boolean holds(Path file, String line) {
    try {
      return Files.exists(file) && Files.readString(file).trim().equals(line);
    } catch (IOException e) {
      throw new PostgresException("cannot read " + file, e);
    }
  }

  private static void keep(Path file, String line) {
    try {
      if (!holds(file, line)) {
        Directories.writePrivately(file, line + "\n");
      }
    } catch (IOException e) {
      throw new PostgresException("cannot write " + file, e);
    }
  }

  /** What this server logs in with as a standby: a password file of PostgreSQL's. */
  Path passwords() {
    return directory.resolve("primary.pgpass");
  }

  /** The port it listens at while it is a standby: a free one, the same as long as it is free. */
  int standbyPort(String host) {
    try {
      return new RememberedPort(directory.resolve("standby-port"), InetAddress.getByName(host))
          .choose();
    } catch (UnknownHostException e) {
      throw new PostgresException("not an address: " + host, e);
    }
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

  /** Notes where the log of the data as it is now goes. */
  void rememberArchive(ArchiveTarget target) {
    keep(archiveFile(), target.store() + "/" + target.serverName());
  }

  /** Where it went when the data was of the planned version; empty when it never was. */
  Optional<ArchiveTarget> rememberedArchive() {
    try {
      if (!Files.exists(archiveFile())) {
        return Optional.empty();
      }
      String[] parts = Files.readString(archiveFile()).trim().split("/", 2);
      return Optional.of(new ArchiveTarget(parts[0], parts[1]));
    } catch (IOException e) {
      throw new PostgresException("cannot read " + archiveFile(), e);
    }
  }

  private Path archiveFile() {
    return directory.resolve("archive");
  }

  boolean exist() {
    return Files.exists(directory);
  }

  boolean stopLeftOver() {
    boolean recovering = DataRecovery.stopLeftOver(data.path());
    boolean upgrading = MajorUpgrade.stopLeftOver(data.path());
    return LeftOverServer.stop(data.path()) || recovering || upgrading;
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

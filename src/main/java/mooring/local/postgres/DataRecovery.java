package mooring.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a data directory from a physical copy: the write-ahead log is replayed up to a target by a
 * server that nobody can reach, and what has to be different from the source is changed before the
 * directory gets its name.
 *
 * @param backup the copy; it is only read
 * @param archives where the write-ahead log is looked for, in this order
 * @param target the {@code recovery_target...} settings; none: to the end of the log
 * @param parameters the settings of the server to come
 * @param statements run at the end in the database {@code postgres} as superuser
 */
public record DataRecovery(
    Path backup,
    List<WalArchive> archives,
    Map<String, String> target,
    Map<String, String> parameters,
    List<String> statements) {
  private static final Duration REPLAY_LIMIT = Duration.ofHours(6);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
  private static final List<String> NOBODY = List.of("local all all reject");

  /**
   * Does it; one that was cut short is begun anew.
   *
   * @param installation of the copy's major version
   * @param data what is made; it does not exist yet
   * @throws RefusedSettingsException when it is for a setting, before anything is copied
   * @throws PostgresException when it cannot be done; the message holds what PostgreSQL said
   */
  public void into(PostgresInstallation installation, DataDirectory data) {
    Path unfinished = unfinished(data.path());
    try {
      stopLeftOver(data.path());
      Directories.delete(unfinished);
      checkSettings(installation, unfinished);
      new PhysicalCopy(backup, DataRecovery::failIfInterrupted).data(unfinished);
      Files.copy(backup.resolve("backup_label"), unfinished.resolve("backup_label"));
      Files.writeString(unfinished.resolve("recovery.signal"), "");
      PostgresServer server =
          PostgresServer.start(
              installation, new DataDirectory(unfinished), configuration(), REPLAY_LIMIT);
      server.stop(STOP_LIMIT);
      if (!server.endedInOrder()) {
        throw new PostgresException("the recovered server does not end: " + server.lastWords());
      }
      DataDirectory.runStatements(installation, statements, unfinished);
      Directories.moveDurably(unfinished, data.path());
    } catch (IOException e) {
      throw new PostgresException("cannot recover " + data.path(), e);
    } finally {
      removeQuietly(unfinished);
    }
  }

  /**
   * Ends a server that an earlier run left in the middle of this.
   *
   * @param dataDirectory what was to be made
   * @return whether there was one
   */
  public static boolean stopLeftOver(Path dataDirectory) {
    return LeftOverServer.stop(unfinished(dataDirectory));
  }

  private static Path unfinished(Path dataDirectory) {
    return dataDirectory.resolveSibling(dataDirectory.getFileName() + ".recovering");
  }

  /** A large backup would be copied again and again for a setting that is never taken. */
  private void checkSettings(PostgresInstallation installation, Path directory) throws IOException {
    Directories.createPrivate(directory);
    configuration().check(installation, new DataDirectory(directory));
    Directories.delete(directory);
  }

  private ServerConfiguration configuration() {
    SortedMap<String, String> settings = new TreeMap<>(parameters);
    settings.put("listen_addresses", "");
    settings.put("port", "5432");
    // In the data directory, whose whole path may be too long for a socket's.
    settings.put("unix_socket_directories", ".");
    settings.put("logging_collector", "off");
    settings.put("log_destination", "stderr");
    settings.put("ssl", "off");
    settings.put("archive_mode", "off"); // else it would write into an archive that is not its own
    settings.put("hot_standby", "off"); // nobody is to see it, and it needs fewer settings then
    settings.put("restore_command", WalArchive.restoreCommand(archives));
    settings.put("recovery_target_action", "promote");
    settings.putAll(target);
    return new ServerConfiguration(settings, NOBODY);
  }

  private static void failIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new PostgresException("interrupted while a backup is copied");
    }
  }

  private static void removeQuietly(Path path) {
    try {
      Directories.delete(path);
    } catch (IOException e) {
      throw new PostgresException("cannot remove " + path, e);
    }
  }
}

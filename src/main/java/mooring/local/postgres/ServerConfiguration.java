package mooring.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server is started with. The settings replace {@code postgresql.conf}, so that what is not
 * named has PostgreSQL's own default; durability is never weakened.
 *
 * @param settings server settings by name; complete, address and TLS included
 * @param clientRules the lines of {@code pg_hba.conf}
 */
public record ServerConfiguration(SortedMap<String, String> settings, List<String> clientRules) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

  /** What says nothing to who has given a setting; the end of what was said may be cut off. */
  private static final Pattern PLACE = Pattern.compile(" in file \"[^\"]*(\"(,? line \\d+)?|$)");

  /** The exit status of a PostgreSQL that has read its settings and does not take them. */
  private static final int REFUSED = 1;

  /** Said with the same status where it has not read them. */
  private static final Pattern UNREAD =
      Pattern.compile("^unshare: |could not open configuration file|out of memory");

  /** Copies both. */
  public ServerConfiguration {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    clientRules = List.copyOf(clientRules);
  }

  /**
   * A configuration for one address.
   *
   * @param host the one address that is listened at
   * @param port the port
   * @param parameters further settings; the address wins over them
   * @param clientRules the lines of {@code pg_hba.conf}
   * @return the configuration
   */
  public static ServerConfiguration listeningAt(
      String host, int port, Map<String, String> parameters, List<String> clientRules) {
    SortedMap<String, String> settings = new TreeMap<>(parameters);
    settings.put("listen_addresses", host);
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", "");
    settings.put("password_encryption", "scram-sha-256");
    settings.put("logging_collector", "off"); // the launcher keeps the log
    settings.put("log_destination", "stderr");
    settings.putIfAbsent("timezone", "UTC");
    settings.putIfAbsent("log_timezone", "UTC");
    return new ServerConfiguration(settings, clientRules);
  }

  /** Returns the address that is listened at. */
  public String host() {
    return settings.get("listen_addresses");
  }

  /** Returns the port that is listened at. */
  public int port() {
    return Integer.parseInt(settings.get("port"));
  }

  /**
   * Has PostgreSQL judge the settings without touching a server that runs on the data.
   *
   * @param installation of the data's major version
   * @param data the data directory that they are meant for
   * @throws RefusedSettingsException naming the setting that it would refuse
   */
  public void check(PostgresInstallation installation, DataDirectory data) {
    Path candidate = data.path().resolveSibling("postgresql.conf.candidate");
    try {
      Directories.writePrivately(candidate, settingsFile());
      judge(installation, data, candidate);
      Files.deleteIfExists(candidate);
    } catch (IOException e) {
      throw new PostgresException("cannot write " + candidate, e);
    } catch (ProgramFailedException e) {
      if (e.status() != REFUSED || UNREAD.matcher(e.words()).find()) {
        throw e; // no room for it, say: it may go well next time
      }
      judge(installation, data, Path.of("/dev/null")); // where none is judged, none is refused
      throw new RefusedSettingsException(
          "PostgreSQL refuses a setting: " + PLACE.matcher(e.words()).replaceAll(""), e);
    }
  }

  /**
   * Tells why a server has not started with this.
   *
   * @param installation of the data's major version
   * @param data the data directory
   * @param failure what the start failed with
   * @return a {@link RefusedSettingsException} where it is for a setting, else what is given
   */
  public PostgresException reason(
      PostgresInstallation installation, DataDirectory data, PostgresException failure) {
    try {
      check(installation, data);
    } catch (RefusedSettingsException e) {
      return e;
    } catch (PostgresException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static void judge(PostgresInstallation installation, DataDirectory data, Path settings) {
    List<String> arguments =
        List.of("-D", data.path().toString(), "-c", "config_file=" + settings, "-C", "port");
    new ShortCommand(installation.command("postgres", arguments)).run("");
  }

  void writeTo(Path dataDirectory) throws IOException {
    Directories.writePrivately(dataDirectory.resolve("postgresql.conf"), settingsFile());
    Directories.writePrivately(
        dataDirectory.resolve("pg_hba.conf"), String.join("\n", clientRules) + "\n");
  }

  private String settingsFile() {
    return settings.entrySet().stream()
        .map(setting -> line(setting.getKey(), setting.getValue()))
        .collect(Collectors.joining());
  }

  private static String line(String name, String value) {
    if (!NAME.matcher(name).matches() || value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      throw new PostgresException("not a setting PostgreSQL can read: " + name);
    }
    return name + " = '" + value.replace("\\", "\\\\").replace("'", "''") + "'\n";
  }
}

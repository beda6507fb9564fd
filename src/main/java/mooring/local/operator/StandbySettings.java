package mooring.local.operator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.ServerConfiguration;

/** What a server is told so that it follows another one. */
final class StandbySettings {
  private static final String PRIMARY = "primary_conninfo";

  /** What a standby needs at least as much of as its primary, and PostgreSQL's defaults. */
  private static final Map<String, Integer> AT_LEAST =
      Map.of(
          "max_connections", 100,
          "max_worker_processes", 8,
          "max_wal_senders", 10,
          "max_prepared_transactions", 0,
          "max_locks_per_transaction", 64);

  /** Nobody but the operator has anything to do here. */
  private static final List<String> CLIENT_RULES =
      List.of("hostssl all " + Bootstrap.SUPERUSER + " all scram-sha-256");

  private StandbySettings() {}

  /**
   * As the primary's, but for the address and whom it follows: it is never where clients look.
   *
   * @param primary what it would be told as the primary
   */
  static ServerConfiguration of(ServerConfiguration primary, InstanceFiles files, int port) {
    Map<String, String> settings = new TreeMap<>(primary.settings());
    settings.remove("synchronous_standby_names");
    settings.put("hot_standby", "on");
    settings.put(
        PRIMARY,
        "host="
            + value(primary.host())
            + " port="
            + primary.port()
            + " user="
            + ReplicationSession.ROLE
            + " sslmode=require application_name="
            + value(files.name())
            + " passfile="
            + value(files.passwords().toString()));
    return ServerConfiguration.listeningAt(primary.host(), port, settings, CLIENT_RULES);
  }

  private static String value(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  static boolean isOf(ServerConfiguration server) {
    return server.settings().containsKey(PRIMARY);
  }

  /** Whether a standby with the new settings could not follow a primary with the present ones. */
  static boolean lowers(ServerConfiguration present, ServerConfiguration wanted) {
    return AT_LEAST.entrySet().stream()
        .anyMatch(
            setting ->
                number(wanted, setting.getKey(), setting.getValue())
                    < number(present, setting.getKey(), setting.getValue()));
  }

  private static int number(ServerConfiguration configuration, String name, int fallback) {
    try {
      return Integer.parseInt(configuration.settings().getOrDefault(name, "").trim());
    } catch (NumberFormatException e) {
      return fallback; // not given, or not what PostgreSQL takes either
    }
  }
}

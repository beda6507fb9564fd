package mooring.local.operator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mooring.local.postgres.Bootstrap;
import mooring.local.postgres.ServerConfiguration;
import mooring.local.postgres.ServerPing;

/** What a server is told so that it follows another one. */
final class StandbySettings {
  private static final String PRIMARY = "primary_conninfo";

  /** Lets standbys in. */
  static final String REPLICATION_RULE =
      "hostssl replication " + ReplicationSession.ROLE + " all scram-sha-256";

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
      List.of(ServerPing.CLIENT_RULE, "hostssl all " + Bootstrap.SUPERUSER + " all scram-sha-256");

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
    settings.put(PRIMARY, connection(primary.host(), primary.port(), files));
    return ServerConfiguration.listeningAt(primary.host(), port, settings, CLIENT_RULES);
  }

  /** What a primary is told so that it follows another Cluster's: clients look at it as before. */
  static Map<String, String> following(Following origin, InstanceFiles files) {
    ClientService there = origin.service();
    return Map.of(PRIMARY, connection(there.host(), there.port(), files));
  }

  private static String connection(String host, int port, InstanceFiles files) {
    return "host="
        + value(host)
        + " port="
        + port
        + " user="
        + ReplicationSession.ROLE
        + " sslmode=require application_name="
        + value(files.name())
        + " passfile="
        + value(files.passwords().toString());
  }

  private static String value(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** Whether a server is told so: one that follows another Cluster is where clients look. */
  static boolean isOf(ServerConfiguration server) {
    return server.settings().containsKey(PRIMARY) && server.clientRules().equals(CLIENT_RULES);
  }

  /** Whether a standby with the new settings could not follow a primary with the present ones. */
  static boolean lowers(ServerConfiguration present, ServerConfiguration wanted) {
    return AT_LEAST.entrySet().stream()
        .anyMatch(
            setting ->
                number(wanted.settings(), setting.getKey(), setting.getValue())
                    < number(present.settings(), setting.getKey(), setting.getValue()));
  }

  private static int number(Map<String, String> settings, String name, int fallback) {
    try {
      return Integer.parseInt(settings.getOrDefault(name, "").trim());
    } catch (NumberFormatException e) {
      return fallback; // not given, or not what PostgreSQL takes either
    }
  }
}

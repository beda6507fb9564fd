package mooring.platform.postgres;

import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.Row;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.ReplicaServer;

/** Asks a server by SQL whether it follows another one: anybody may know that much of it. */
public final class ReplicaStanding implements ReplicaServer {
  private static final String STANDING =
      "SELECT pg_is_in_recovery() AS standby,"
          + " EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) AS receiving,"
          + " CASE WHEN pg_is_in_recovery()"
          + " THEN pg_get_wal_replay_pause_state() <> 'not paused' ELSE false END AS paused,"
          + " EXISTS (SELECT FROM pg_settings WHERE pending_restart) AS restarting";

  private final ServerConnections servers;

  /** Of the servers that can be reached. */
  public ReplicaStanding(ServerConnections servers) {
    this.servers = servers;
  }

  @Override
  public Single<Standing> standing(Instance replica, Credentials login) {
    return servers.asked(
        replica,
        login,
        server -> server.query(STANDING).rxExecute().map(rows -> standing(rows.iterator().next())));
  }

  private static Standing standing(Row row) {
    if (!row.getBoolean("standby")) {
      return row.getBoolean("restarting") ? Standing.RESTARTING : Standing.PRIMARY;
    }
    // What has less room than its source goes on receiving, but stops at what it cannot take in.
    return row.getBoolean("receiving") && !row.getBoolean("paused")
        ? Standing.FOLLOWING
        : Standing.DETACHED;
  }
}

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
          + " EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) AS receiving";

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
      return Standing.PRIMARY;
    }
    return row.getBoolean("receiving") ? Standing.FOLLOWING : Standing.DETACHED;
  }
}

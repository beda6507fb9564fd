package mooring.platform.postgres;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import io.vertx.rxjava3.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.SourceLog;

/** The write-ahead log of a server, by what its owner may ask. */
public final class ServerLog implements SourceLog {
  /** A transaction that has an id ends with a record of its commit, though it changed nothing. */
  private static final String COMMIT =
      "SELECT pg_current_xact_id()::text, clock_timestamp() > $1 AS passed";

  /** Of the end of the log, since a commit that changed nothing is not waited for. */
  private static final String SEGMENT = "SELECT pg_walfile_name(pg_current_wal_insert_lsn())";

  /** The last one; what tells of a backup comes after the segment that the backup began in. */
  private static final String ARCHIVED =
      "SELECT coalesce(substring(last_archived_wal"
          + " from '^([0-9A-F]{24})(?:[.][0-9A-F]{8}[.]backup)?$'), '') FROM pg_stat_archiver";

  private final ServerConnections servers;

  /** Of the servers that can be reached. */
  public ServerLog(ServerConnections servers) {
    this.servers = servers;
  }

  @Override
  public Maybe<String> mark(Instance source, Credentials login, Instant moment) {
    Tuple after = Tuple.of(moment.atOffset(ZoneOffset.UTC));
    return servers
        .asked(
            source,
            login,
            server ->
                server
                    .preparedQuery(COMMIT)
                    .rxExecute(after)
                    .map(rows -> rows.iterator().next().getBoolean("passed"))
                    .flatMap(passed -> passed ? text(server, SEGMENT) : Single.just("")))
        .filter(segment -> !segment.isEmpty());
  }

  @Override
  public Single<Boolean> archived(Instance source, Credentials login, String mark) {
    return servers
        .asked(source, login, server -> text(server, ARCHIVED))
        .map(last -> WalSegment.of(mark).within(last));
  }

  private static Single<String> text(SqlConnection server, String query) {
    return server.query(query).rxExecute().map(rows -> rows.iterator().next().getString(0));
  }
}

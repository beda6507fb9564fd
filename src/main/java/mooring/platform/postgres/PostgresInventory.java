package mooring.platform.postgres;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.Row;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.ServerInventory;
import mooring.core.SourceSilentException;

/** Asks servers by SQL. What they hold is told by each logical database for itself. */
public final class PostgresInventory implements ServerInventory {
  private static final String WHOLE =
      "SELECT EXISTS (SELECT FROM pg_settings WHERE pending_restart) AS restart,"
          + " EXISTS (SELECT FROM pg_prepared_xacts) AS prepared";

  private static final String DATABASES =
      "SELECT datname::text FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1";

  private static final String EXTENSIONS = "SELECT extname::text FROM pg_extension ORDER BY 1";

  private final ServerConnections servers;

  /** Of the servers that can be reached. */
  public PostgresInventory(ServerConnections servers) {
    this.servers = servers;
  }

  private record Whole(boolean restart, boolean prepared, List<String> databases) {}

  @Override
  public Single<Inventory> of(Instance instance, Credentials login) {
    return servers
        .asked(instance, login, PostgresInventory::whole)
        .flatMap(
            whole ->
                Flowable.fromIterable(whole.databases())
                    .concatMapSingle(database -> within(instance, login, database))
                    .toList()
                    .map(all -> new Inventory(whole.restart(), whole.prepared(), all)))
        // Also when what is needed to reach it cannot be read now.
        .onErrorResumeNext(
            failure ->
                Single.error(
                    failure instanceof SourceSilentException
                        ? failure
                        : new SourceSilentException(String.valueOf(failure.getMessage()))));
  }

  private Single<Within> within(Instance instance, Credentials login, String database) {
    Credentials there = new Credentials(login.username(), login.password(), database);
    return servers
        .asked(instance, there, server -> texts(server, EXTENSIONS))
        .map(extensions -> new Within(database, true, extensions))
        // Its owner need not let this one in; that is told.
        .onErrorReturnItem(new Within(database, false, List.of()));
  }

  private static Single<Whole> whole(SqlConnection server) {
    return server
        .query(WHOLE)
        .rxExecute()
        .flatMap(
            rows -> {
              Row row = rows.iterator().next();
              return texts(server, DATABASES)
                  .map(
                      all -> new Whole(row.getBoolean("restart"), row.getBoolean("prepared"), all));
            });
  }

  private static Single<List<String>> texts(SqlConnection server, String query) {
    return server
        .query(query)
        .rxExecute()
        .map(
            rows -> {
              List<String> texts = new ArrayList<>();
              rows.forEach(row -> texts.add(row.getString(0)));
              return texts;
            });
  }
}

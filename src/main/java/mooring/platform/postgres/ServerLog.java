package mooring.platform.postgres;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.rxjava3.core.RxHelper;
import io.vertx.rxjava3.core.Vertx;
import io.vertx.rxjava3.pgclient.PgBuilder;
import io.vertx.rxjava3.sqlclient.Pool;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import io.vertx.rxjava3.sqlclient.Tuple;
import io.vertx.sqlclient.PoolOptions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mooring.core.Address;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.SourceLog;
import mooring.core.SourceSilentException;

/**
 * The write-ahead log of a server, by what its owner may ask. Each question has a connection of its
 * own: there are few, and minutes between a restore and the next.
 */
public final class ServerLog implements SourceLog {
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

  /** Together with the wait for another try less than the worker's lease. */
  private static final int ANSWER_SECONDS = 3;

  /** A transaction that has an id ends with a record of its commit, though it changed nothing. */
  private static final String COMMIT =
      "SELECT pg_current_xact_id()::text, clock_timestamp() > $1 AS passed";

  /** Of the end of the log, since a commit that changed nothing is not waited for. */
  private static final String SEGMENT = "SELECT pg_walfile_name(pg_current_wal_insert_lsn())";

  /** The last one; what tells of a backup comes after the segment that the backup began in. */
  private static final String ARCHIVED =
      "SELECT coalesce(substring(last_archived_wal"
          + " from '^([0-9A-F]{24})(?:[.][0-9A-F]{8}[.]backup)?$'), '') FROM pg_stat_archiver";

  private final Vertx vertx;
  private final Function<Instance, Single<String>> authority;
  private final Function<Instance, Single<Address>> address;

  /**
   * Of the databases of an installation.
   *
   * @param authority the certificate, in PEM, of who certifies a database's servers and no others
   * @param address where a database is to be reached
   */
  public ServerLog(
      Vertx vertx,
      Function<Instance, Single<String>> authority,
      Function<Instance, Single<Address>> address) {
    this.vertx = vertx;
    this.authority = authority;
    this.address = address;
  }

  @Override
  public Maybe<String> mark(Instance source, Credentials login, Instant moment) {
    Tuple after = Tuple.of(moment.atOffset(ZoneOffset.UTC));
    return asked(
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
    return asked(source, login, server -> text(server, ARCHIVED))
        .map(last -> WalSegment.of(mark).within(last));
  }

  private static Single<String> text(SqlConnection server, String query) {
    return server.query(query).rxExecute().map(rows -> rows.iterator().next().getString(0));
  }

  private <T> Single<T> asked(
      Instance source, Credentials login, Function<SqlConnection, Single<T>> question) {
    return Single.zip(
            authority.apply(source),
            address.apply(source),
            (certificate, where) -> pool(where, login, certificate))
        .flatMap(server -> answer(server, question));
  }

  private <T> Single<T> answer(Pool server, Function<SqlConnection, Single<T>> question) {
    return Single.using(
            () -> server, pool -> pool.rxGetConnection().flatMap(question::apply), ServerLog::close)
        .timeout(
            ANSWER_SECONDS,
            TimeUnit.SECONDS,
            RxHelper.scheduler(vertx),
            Single.error(new SourceSilentException("no answer within " + ANSWER_SECONDS + " s")))
        .onErrorResumeNext(
            error ->
                Single.error(
                    error instanceof SourceSilentException
                        ? error
                        : new SourceSilentException(String.valueOf(error.getMessage()))));
  }

  private static void close(Pool pool) {
    Disposable unused = pool.rxClose().onErrorComplete().subscribe();
  }

  /** A pool of one, because only a pool takes limits for its sockets. */
  private Pool pool(Address where, Credentials login, String certificate) {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(1))
        .with(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS))
        .connectingTo(options(where, login, certificate))
        .using(vertx)
        .build();
  }

  /** The authority certifies no other server, so any of its names is the right one. */
  private static PgConnectOptions options(Address where, Credentials login, String certificate) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(where.host())
            .setPort(where.port())
            .setDatabase(login.database())
            .setUser(login.username())
            .setPassword(login.password())
            .setSslMode(SslMode.VERIFY_CA)
            .setSslOptions(
                new ClientSSLOptions()
                    .setHostnameVerificationAlgorithm("")
                    .setTrustOptions(
                        new PemTrustOptions().addCertValue(Buffer.buffer(certificate))));
    options.addProperty("application_name", "mooring");
    // Over what the owner may have set for its role: its functions are not to answer.
    options.addProperty("search_path", "pg_catalog");
    options.addProperty("statement_timeout", ANSWER_SECONDS + "s");
    return options;
  }
}

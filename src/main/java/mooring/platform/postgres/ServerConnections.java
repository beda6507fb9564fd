package mooring.platform.postgres;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.rxjava3.core.RxHelper;
import io.vertx.rxjava3.core.Vertx;
import io.vertx.rxjava3.pgclient.PgBuilder;
import io.vertx.rxjava3.sqlclient.Pool;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mooring.core.Address;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.SourceSilentException;

/**
 * Connections to the servers of databases, as somebody who may log in there. Each question has one
 * of its own: there are few.
 */
public final class ServerConnections {
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

  /** Together with the wait for another try less than the worker's lease. */
  private static final int ANSWER_SECONDS = 3;

  private final Vertx vertx;
  private final Function<Instance, Single<String>> authority;
  private final Function<Instance, Single<Address>> address;

  /**
   * To the databases of an installation.
   *
   * @param authority the certificate, in PEM, of who certifies a database's servers and no others
   * @param address where a database is to be reached
   */
  public ServerConnections(
      Vertx vertx,
      Function<Instance, Single<String>> authority,
      Function<Instance, Single<Address>> address) {
    this.vertx = vertx;
    this.authority = authority;
    this.address = address;
  }

  /** The answer to a question; a {@link SourceSilentException} when there is none. */
  <T> Single<T> asked(
      Instance source, Credentials login, Function<SqlConnection, Single<T>> question) {
    return Single.zip(
            authority.apply(source),
            address.apply(source),
            (certificate, where) -> pool(where, login, certificate))
        .flatMap(server -> answer(server, question));
  }

  private <T> Single<T> answer(Pool server, Function<SqlConnection, Single<T>> question) {
    return Single.using(
            () -> server,
            pool -> pool.rxGetConnection().flatMap(question::apply),
            ServerConnections::close)
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
                        : new SourceSilentException(
                            String.valueOf(error.getMessage()), error instanceof PgException)));
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

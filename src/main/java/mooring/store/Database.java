package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.core.RxHelper;
import io.vertx.rxjava3.core.Vertx;
import io.vertx.rxjava3.pgclient.PgBuilder;
import io.vertx.rxjava3.sqlclient.Pool;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pooled connections. Everything that runs here ends within a bound, and fails as {@link
 * Failures} translates it. When a connection breaks during the commit, or the bound is reached, the
 * outcome is unknown: the caller hears that the database is unavailable, though the transaction may
 * have taken effect or may still do so.
 */
final class Database {
  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 8;
  private static final int MAX_WAITING = 256;
  private static final int WAIT_SECONDS = 3;
  private static final int IDLE_SECONDS = 10;
  private static final int ANSWER_SECONDS = 6;
  private static final int RACES = 5;

  private final Vertx vertx;
  private final Pool pool;

  Database(Vertx vertx, DatabaseUri uri) {
    this.vertx = vertx;
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(CONNECTIONS)
            .setMaxWaitQueueSize(MAX_WAITING)
            .setConnectionTimeout(WAIT_SECONDS)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    pool =
        PgBuilder.pool()
            .with(options)
            .with(ClientOptions.net())
            .connectingTo(ClientOptions.connect(uri, "mooring"))
            .using(vertx)
            .build();
  }

  /** Runs work in one transaction; a failure rolls it back, a lost race runs it again. */
  <T> Single<T> transaction(Function<SqlConnection, Single<T>> work) {
    return Single.defer(() -> pool.<T>rxWithTransaction(tx -> attended(tx, work)).toSingle())
        .retry(RACES, Failures::raced)
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS, RxHelper.scheduler(vertx))
        .onErrorResumeNext(failure -> Single.error(Failures.translated(failure)));
  }

  private static <T> Maybe<T> attended(SqlConnection tx, Function<SqlConnection, Single<T>> work) {
    // The statement under way fails with it too; without a handler its stack would be printed.
    tx.exceptionHandler(failure -> log.debug("a connection broke", failure));
    return work.apply(tx).toMaybe();
  }

  /** Runs one statement that needs no transaction. */
  <T> Maybe<T> statement(Function<SqlClient, Maybe<T>> work) {
    return Maybe.defer(() -> work.apply(pool))
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS, RxHelper.scheduler(vertx))
        .onErrorResumeNext(failure -> Maybe.error(Failures.translated(failure)));
  }

  Completable close() {
    return pool.rxClose();
  }
}

package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.Vertx;
import io.vertx.rxjava3.pgclient.PgBuilder;
import io.vertx.rxjava3.pgclient.PgConnection;
import io.vertx.rxjava3.sqlclient.Pool;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import io.vertx.sqlclient.PoolOptions;
import java.util.function.Consumer;
import mooring.core.ChangeListener;
import mooring.store.FeedReader.Batch;

/**
 * The feed over one connection: listens, loads everything, then reads what is newer at every
 * notification. Ends at the first failure. Confined to one context; the listener is called on a
 * worker thread, one call after the other, and reading waits for it.
 */
final class FeedSession {
  private static final String LISTEN = "LISTEN mooring_revision";

  /** Goes through the notification queue, so that it proves the whole way. */
  private static final String BEAT =
      "SELECT last_value, pg_notify('mooring_revision', last_value::text) FROM revision";

  private final Context context;
  private final AccessKeyTable accessKeys;
  private final ChangeListener listener;
  private final Events events;
  private final Pool pool;
  private final CompositeDisposable running = new CompositeDisposable();
  private SqlConnection connection;
  private FeedReader reader;
  private boolean listening;
  private boolean reading;
  private boolean again;
  private boolean delivering;
  private boolean closed;

  /**
   * What the session tells its owner.
   *
   * @param heard a sign of life from the database
   * @param current the listener knows everything up to a moment ago
   * @param lost the session has failed; called once
   */
  record Events(Runnable heard, Runnable current, Consumer<Throwable> lost) {}

  FeedSession(
      Vertx vertx,
      Context context,
      DatabaseUri uri,
      AccessKeyTable accessKeys,
      ChangeListener listener,
      Events events) {
    this.context = context;
    this.accessKeys = accessKeys;
    this.listener = listener;
    this.events = events;
    // A pool of one, because only a pool takes limits for its sockets.
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .with(ClientOptions.net())
            .connectingTo(ClientOptions.connect(uri, "mooring feed"))
            .using(vertx)
            .build();
  }

  void open() {
    pool.rxGetConnection()
        .doOnSuccess(this::attend)
        .flatMapCompletable(opened -> Sql.run(opened, LISTEN))
        .andThen(Completable.defer(this::load))
        .subscribe(this::loaded, this::fail, running);
  }

  /** Asks for a notification; anything that was missed is read with it. */
  void beat() {
    if (!listening || closed) {
      return;
    }
    Sql.first(connection, row -> row.getLong("last_value"), BEAT)
        .toSingle()
        .subscribe(this::checkOrder, this::fail, running);
  }

  /** Whether the listener is at work, so that silence is no sign of a fault. */
  boolean delivering() {
    return delivering;
  }

  Completable close() {
    closed = true;
    running.dispose();
    return pool.rxClose().onErrorComplete();
  }

  private void attend(SqlConnection opened) {
    connection = opened;
    reader = new FeedReader(opened, accessKeys, events.heard());
    opened.exceptionHandler(failure -> context.runOnContext(now -> fail(failure)));
    opened.closeHandler(gone -> context.runOnContext(now -> closedByServer()));
    PgConnection.cast(opened)
        .notificationHandler(notification -> context.runOnContext(now -> notified()));
  }

  private void closedByServer() {
    fail(new IllegalStateException("the connection was closed"));
  }

  private void notified() {
    events.heard().run();
    read();
  }

  private Completable load() {
    return deliver(listener::loading)
        .andThen(Single.defer(reader::everything))
        .flatMapCompletable(
            all ->
                deliver(
                    () -> {
                      listener.loadedAccounts(all.accounts());
                      listener.loadedAccessKeys(all.accessKeys());
                      listener.loaded(all.instances(), all.tokens());
                    }));
  }

  private void loaded() {
    listening = true;
    read();
  }

  private void checkOrder(long lastRevision) {
    if (reader.ahead(lastRevision)) {
      fail(new IllegalStateException("the database was put back to an older state"));
    }
  }

  private void read() {
    if (!listening || closed) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    again = false;
    reader
        .newer()
        .flatMap(batch -> deliver(batch).toSingleDefault(batch))
        .subscribe(this::done, this::fail, running);
  }

  private void done(Batch batch) {
    reading = false;
    if (closed) {
      return;
    }
    if (batch.more() || again) {
      read();
    } else {
      events.current().run();
    }
  }

  private Completable deliver(Batch batch) {
    return batch.empty()
        ? Completable.complete()
        : deliver(
            () -> {
              listener.changedAccounts(batch.accounts());
              listener.changedAccessKeys(batch.accessKeys());
              listener.changed(batch.instances(), batch.tokens());
            });
  }

  private Completable deliver(Runnable call) {
    if (closed) {
      return Completable.complete();
    }
    delivering = true;
    return context
        .rxExecuteBlocking(
            () -> {
              call.run();
              return true;
            })
        .ignoreElement()
        .doFinally(
            () -> {
              delivering = false;
              events.heard().run();
            });
  }

  private void fail(Throwable cause) {
    if (!closed) {
      closed = true;
      events.lost().accept(cause);
    }
  }
}

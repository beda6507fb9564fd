package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.rxjava3.core.Context;
import io.vertx.rxjava3.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import mooring.core.ChangeListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a {@link ChangeListener} what was committed, in the order of the commits, over a connection
 * of its own. A heartbeat each second proves the connection and heals a lost notification; when
 * nothing was heard for 5 s, or the database turns out to be in an older state than the listener,
 * it connects anew and loads everything again. Calls to the listener come from a worker thread and
 * never overlap.
 */
public final class ChangeFeed {
  private static final Logger log = LoggerFactory.getLogger(ChangeFeed.class);
  private static final long BEAT_MILLIS = 1_000;
  private static final long SILENCE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long MIN_BACKOFF_MILLIS = 100;
  private static final long MAX_BACKOFF_MILLIS = 2_000;

  private final Vertx vertx;
  private final DatabaseUri uri;
  private final AccessKeyTable accessKeys;
  private final ChangeListener listener;
  private final Context context;

  // Confined to the context.
  private FeedSession session;
  private long heardNanos;
  private long backoffMillis = MIN_BACKOFF_MILLIS;
  private long timer = -1;
  private boolean quiet;
  private boolean closed;

  // Read by any thread.
  private volatile boolean current;
  private volatile long currentNanos;

  ChangeFeed(Vertx vertx, DatabaseUri uri, AccessKeyTable accessKeys, ChangeListener listener) {
    this.vertx = vertx;
    this.uri = uri;
    this.accessKeys = accessKeys;
    this.listener = listener;
    this.context = vertx.getOrCreateContext();
  }

  void start() {
    context.runOnContext(
        started -> {
          timer = vertx.setPeriodic(BEAT_MILLIS, tick -> beat());
          connect();
        });
  }

  /** Whether the listener knew everything at some moment of the last 5 s. */
  public boolean alive() {
    return current && System.nanoTime() - currentNanos < SILENCE_NANOS;
  }

  /** Ends the feed; a call to the listener that is under way still finishes. */
  public Completable close() {
    return Completable.create(
        done ->
            context.runOnContext(
                asked -> {
                  closed = true;
                  current = false;
                  vertx.cancelTimer(timer);
                  FeedSession last = session;
                  session = null;
                  Completable ended = last == null ? Completable.complete() : last.close();
                  done.setDisposable(ended.subscribe(done::onComplete, done::tryOnError));
                }));
  }

  private void connect() {
    if (closed) {
      return;
    }
    heardNanos = System.nanoTime();
    FeedSession[] opened = new FeedSession[1];
    FeedSession.Events events =
        new FeedSession.Events(
            () -> heardNanos = System.nanoTime(), this::caughtUp, cause -> lost(opened[0], cause));
    opened[0] = new FeedSession(vertx, context, uri, accessKeys, listener, events);
    session = opened[0];
    session.open();
  }

  private void beat() {
    if (session == null || closed) {
      return;
    }
    boolean silent = System.nanoTime() - heardNanos > SILENCE_NANOS;
    if (silent && !session.delivering()) {
      lost(session, new IllegalStateException("nothing was heard for 5 s"));
    } else {
      session.beat();
    }
  }

  private void caughtUp() {
    currentNanos = System.nanoTime();
    if (!current) {
      current = true;
      quiet = false;
      backoffMillis = MIN_BACKOFF_MILLIS;
      log.atInfo().addKeyValue("database", uri).log("change feed loaded");
    }
  }

  private void lost(FeedSession failed, Throwable cause) {
    if (failed != session || closed) {
      return;
    }
    session = null;
    current = false;
    failed.close().subscribe();
    if (!quiet) {
      quiet = true;
      log.atWarn()
          .addKeyValue("database", uri)
          .addKeyValue("cause", cause.getMessage())
          .log("change feed lost, connecting anew");
    }
    long pause = backoffMillis + ThreadLocalRandom.current().nextLong(backoffMillis);
    backoffMillis = Math.min(MAX_BACKOFF_MILLIS, backoffMillis * 2);
    vertx.setTimer(pause, elapsed -> connect());
  }
}

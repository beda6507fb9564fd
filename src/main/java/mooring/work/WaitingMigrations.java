package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mooring.core.DatabaseMigrations;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.status.Snapshot;
import mooring.status.StatusCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the migrations begun that databases were asked for with, as soon as these run. Every replica
 * looks, at what is recorded; the record decides who is first.
 */
public final class WaitingMigrations implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WaitingMigrations.class);

  private final StatusCache cache;
  private final DatabaseMigrations migrations;
  private final Duration interval;
  private Disposable running = Disposable.disposed();

  /**
   * @param interval between two looks
   */
  public WaitingMigrations(StatusCache cache, DatabaseMigrations migrations, Duration interval) {
    this.cache = cache;
    this.migrations = migrations;
    this.interval = interval;
  }

  /** Starts to look at every interval. */
  public void start() {
    running =
        Flowable.interval(interval.toMillis(), TimeUnit.MILLISECONDS)
            .onBackpressureDrop()
            .concatMapCompletable(tick -> look(), 1)
            .subscribe();
  }

  @Override
  public void close() {
    running.dispose();
  }

  /** Begins what is due; what cannot be begun now is tried at the next look. */
  Completable look() {
    return Flowable.fromIterable(cache.all())
        .filter(WaitingMigrations::due)
        .map(Snapshot::instance)
        .concatMapCompletable(this::begin)
        .onErrorComplete();
  }

  private static boolean due(Snapshot snapshot) {
    return DatabaseMigrations.waiting(snapshot.instance())
        && !snapshot.instance().deleted()
        && !snapshot.instance().operation().running()
        && snapshot.status().state() == InstanceState.RUNNING;
  }

  private Completable begin(Instance instance) {
    return migrations
        .begin(instance)
        .doOnSuccess(
            begun ->
                log.atInfo()
                    .addKeyValue("instance", instance.id())
                    .log("the migration that it was asked for with begins"))
        .ignoreElement()
        .onErrorComplete(
            error -> {
              log.atDebug().addKeyValue("fault", error.getMessage()).log("no migration begun");
              return true;
            });
  }
}

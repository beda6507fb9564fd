package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Observation;
import mooring.status.StatusFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slow full comparison of what is wanted with what is there. Objects whose row says that they
 * are deleted are removed; objects without a row are reported and never touched, because the rows
 * may have been put back to an older state.
 */
public final class Sweeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  private final StatusFeed feed;
  private final InstanceStore instances;
  private final LeftOvers leftOvers;
  private final ExpiredBackups expired;
  private final BooleanSupplier current;
  private final Duration interval;
  private final Set<UUID> reported = new HashSet<>();
  private volatile int unknown;
  private Disposable running = Disposable.disposed();

  /**
   * @param current whether changes of the platform are heard as they happen
   */
  public Sweeper(
      StatusFeed feed,
      InstanceStore instances,
      LeftOvers leftOvers,
      ExpiredBackups expired,
      BooleanSupplier current,
      Duration interval) {
    this.feed = feed;
    this.instances = instances;
    this.leftOvers = leftOvers;
    this.expired = expired;
    this.current = current;
    this.interval = interval;
  }

  /** Starts to sweep, the first time at once. */
  public void start() {
    running =
        Flowable.interval(0, interval.toMillis(), TimeUnit.MILLISECONDS)
            .onBackpressureDrop()
            .concatMapCompletable(
                tick -> Completable.defer(this::sweep).onErrorComplete(this::faulty), 1)
            .subscribe();
  }

  /** How many databases on the platform have no row. */
  public int unknown() {
    return unknown;
  }

  @Override
  public void close() {
    running.dispose();
  }

  private Completable sweep() {
    if (!feed.ready()) {
      return Completable.complete();
    }
    feed.rederive(current.getAsBoolean());
    return Flowable.fromIterable(feed.unaccounted())
        .concatMapSingle(
            seen ->
                instances
                    .find(seen.instance())
                    .map(this::settle)
                    .switchIfEmpty(Single.fromCallable(() -> report(seen))))
        .filter(isUnknown -> isUnknown)
        .count()
        .doOnSuccess(count -> unknown = count.intValue())
        .ignoreElement()
        .andThen(leftOvers.remove())
        .andThen(expired.remove());
  }

  private boolean settle(Instance row) {
    if (row.deleted()) {
      leftOvers.add(row);
    } else {
      feed.publish(row);
    }
    return false;
  }

  private boolean report(Observation seen) {
    if (reported.add(seen.instance())) {
      log.atWarn()
          .addKeyValue("instance", seen.instance())
          .addKeyValue("address", seen.facts().address())
          .log("a database on the platform has no row; it is left alone");
    }
    return true;
  }

  private boolean faulty(Throwable error) {
    log.atDebug().addKeyValue("fault", error.getMessage()).log("sweep not finished");
    return true;
  }
}

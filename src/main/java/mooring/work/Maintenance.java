package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Instances;
import mooring.core.MaintenanceWindow;
import mooring.core.ProblemException;
import mooring.core.Updates;
import mooring.status.Snapshot;
import mooring.status.StatusCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has databases updated to newer minor versions while their maintenance windows are open. Every
 * replica looks; the record decides who is first, and an image is asked for once.
 */
public final class Maintenance implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

  /** How many are begun at a time, so that not all restart at once. */
  private static final int AT_A_TIME = 10;

  private final StatusCache cache;
  private final Updates updates;
  private final Instances instances;
  private final Function<Instance, MaintenanceWindow> windows;
  private final Clock clock;
  private final Duration interval;
  private Disposable running = Disposable.disposed();

  /**
   * @param windows of databases; null for one that has none
   */
  public Maintenance(
      StatusCache cache,
      Updates updates,
      Instances instances,
      Function<Instance, MaintenanceWindow> windows,
      Clock clock,
      Duration interval) {
    this.cache = cache;
    this.updates = updates;
    this.instances = instances;
    this.windows = windows;
    this.clock = clock;
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
        .filter(this::due)
        .map(Snapshot::instance)
        .concatMapMaybe(this::begin)
        .take(AT_A_TIME)
        .ignoreElements()
        .onErrorComplete();
  }

  private boolean due(Snapshot snapshot) {
    Instance instance = snapshot.instance();
    if (instance.deleted()
        || instance.spec().engine() != Engine.POSTGRESQL
        || snapshot.status().state() != InstanceState.RUNNING) {
      return false;
    }
    MaintenanceWindow window = windows.apply(instance);
    return window != null && window.open(clock.instant());
  }

  private Maybe<Instance> begin(Instance instance) {
    return updates
        .newer(instance)
        // What has failed once is not tried again and again.
        .filter(image -> !image.equals(instance.setup().image()))
        .flatMapSingle(
            image ->
                instances
                    .update(instance, image)
                    .doOnSuccess(
                        begun ->
                            log.atInfo()
                                .addKeyValue("instance", instance.id())
                                .addKeyValue("image", image)
                                .log("updating within the maintenance window")))
        .onErrorResumeNext(
            error -> {
              if (!(error instanceof ProblemException)) {
                log.debug("no update of {}: {}", instance.id(), error.getMessage());
              }
              return Maybe.empty();
            });
  }
}

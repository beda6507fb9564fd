package mooring.work;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import mooring.core.BackupObservations;
import mooring.core.BackupPlatform;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import mooring.core.InstanceStore;
import mooring.core.LeaseLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds this replica's share of the backups that were asked for and of those to be removed, and
 * takes their steps: at once when something has changed, otherwise after a while. All state belongs
 * to one thread; the steps themselves run elsewhere, a bounded number at a time.
 */
public final class BackupWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackupWorker.class);
  private static final int CLAIM_PAGE = 100;
  private static final int STEPS_PER_LEASE = 4;

  private final BackupStore store;
  private final BackupSteps steps;
  private final WorkerSettings settings;
  private final ScheduledThreadPoolExecutor executor = OneThread.named("backup-worker");
  private final Scheduler thread = Schedulers.from(executor);
  private final CompositeDisposable running = new CompositeDisposable();
  private final Map<String, BackupJob> jobs = new HashMap<>();
  private final Queue<BackupJob> ready = new ArrayDeque<>();
  private int stepsUnderWay;
  private boolean claiming;
  private boolean claimAgain;
  private volatile int held;

  public BackupWorker(
      BackupStore store,
      InstanceStore instances,
      BackupPlatform platform,
      BackupObservations observations,
      WorkerSettings settings) {
    this.store = store;
    this.steps = new BackupSteps(store, instances, platform, observations, settings.lease());
    this.settings = settings;
  }

  /** Starts to claim. */
  public void start() {
    long poll = settings.poll().toMillis();
    running.add(
        thread.createWorker().schedulePeriodically(this::claim, 0, poll, TimeUnit.MILLISECONDS));
  }

  /** Something was asked for here. */
  public void asked() {
    Disposable unused = later(this::wake, Duration.ZERO);
  }

  /** The platform shows something else of a request than before. */
  public void observed(String shortId) {
    Disposable unused = later(() -> wake(shortId), Duration.ZERO);
  }

  /** How many backups and removals this replica holds. */
  public int held() {
    return held;
  }

  /** Stops taking steps; what is held is taken over once its lease has run out. */
  @Override
  public void close() {
    running.dispose();
    executor.shutdown();
  }

  /** What was asked for may be the removal of what is held. */
  private void wake() {
    List.copyOf(jobs.values()).forEach(this::enqueue);
    claim();
  }

  private void wake(String shortId) {
    BackupJob job = jobs.get(shortId);
    if (job != null) {
      enqueue(job);
    }
  }

  private void claim() {
    int room = Math.min(settings.maxJobs() - jobs.size(), CLAIM_PAGE - ready.size());
    if (claiming || room <= 0) {
      claimAgain = claiming;
      return;
    }
    claiming = true;
    claimAgain = false;
    store
        .claim(settings.owner(), settings.lease(), room)
        .observeOn(thread)
        .subscribe(this::claimed, this::claimFailed, running);
  }

  private void claimed(List<BackupRequest> requests) {
    claiming = false;
    for (BackupRequest request : requests) {
      BackupJob job = new BackupJob(request);
      BackupJob stale = jobs.put(request.shortId(), job);
      if (stale != null) {
        stale.timer(Disposable.disposed());
      }
      log.atInfo()
          .addKeyValue("instance", request.instance())
          .addKeyValue("backup", request.shortId())
          .addKeyValue("removal", request.removed())
          .addKeyValue("attempt", request.attempt())
          .log("backup claimed");
      enqueue(job);
    }
    held = jobs.size();
    if (claimAgain || requests.size() == CLAIM_PAGE) {
      claim();
    }
  }

  private void claimFailed(Throwable error) {
    claiming = false;
    log.debug("backups could not be claimed", error);
  }

  private void enqueue(BackupJob job) {
    if (job.begin()) {
      ready.add(job);
      drain();
    }
  }

  private void drain() {
    while (!running.isDisposed() && stepsUnderWay < settings.maxSteps() && !ready.isEmpty()) {
      BackupJob job = ready.remove();
      stepsUnderWay++;
      steps
          .next(job)
          .observeOn(thread)
          .doFinally(this::stepDone)
          .subscribe(
              done -> done(job, done), error -> failed(job, error), () -> waiting(job), running);
    }
  }

  private void stepDone() {
    stepsUnderWay--;
    drain();
  }

  private void done(BackupJob job, BackupRequest request) {
    drop(job);
    log.atInfo()
        .addKeyValue("instance", request.instance())
        .addKeyValue("backup", request.shortId())
        .addKeyValue("removed", request.removed())
        .addKeyValue("outcome", request.outcome())
        .addKeyValue("reason", request.reason())
        .log("backup done");
    // The next in turn may be free with that.
    claim();
  }

  private void waiting(BackupJob job) {
    job.calm();
    next(job, job.finish() ? Duration.ZERO : settings.lease().dividedBy(STEPS_PER_LEASE));
  }

  private void failed(BackupJob job, Throwable error) {
    if (error instanceof LeaseLostException) {
      drop(job);
      return;
    }
    if (job.lastFault() == null) {
      log.atWarn()
          .addKeyValue("instance", job.request().instance())
          .addKeyValue("backup", job.request().shortId())
          .addKeyValue("fault", error.getMessage())
          .log("a backup is held up");
    }
    job.fault(error.getMessage());
    job.finish();
    next(job, job.backOff());
  }

  private void next(BackupJob job, Duration delay) {
    job.timer(later(() -> enqueue(job), delay));
  }

  private void drop(BackupJob job) {
    job.timer(Disposable.disposed());
    jobs.remove(job.request().shortId(), job);
    held = jobs.size();
  }

  private Disposable later(Runnable action, Duration delay) {
    return running.isDisposed()
        ? Disposable.disposed()
        : thread.scheduleDirect(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }
}

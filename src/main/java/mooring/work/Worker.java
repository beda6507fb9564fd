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
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.LeaseLostException;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Operation;
import mooring.core.OperationStore;
import mooring.core.Platform;
import mooring.status.Snapshot;
import mooring.status.StatusFeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds this replica's share of the running operations and takes their steps: at once when the feed
 * shows that something has changed, otherwise after a while. All state belongs to one thread; the
 * steps themselves run elsewhere, a bounded number at a time.
 */
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final int CLAIM_PAGE = 100;
  private static final int BACKLOG_PER_STEP = 8;

  private final OperationStore operations;
  private final Steps steps;
  private final StatusFeed feed;
  private final WorkerSettings settings;
  private final ExecutorService executor;
  private final Scheduler thread;
  private final CompositeDisposable running = new CompositeDisposable();
  private final Map<UUID, Job> jobs = new HashMap<>();
  private final Queue<Job> ready = new ArrayDeque<>();
  private int stepsUnderWay;
  private boolean claiming;
  private boolean claimAgain;
  private volatile int held;
  private volatile int queued;

  public Worker(
      OperationStore operations,
      InstanceStore instances,
      Platform platform,
      StatusFeed feed,
      LeftOvers leftOvers,
      WorkerSettings settings) {
    this.operations = operations;
    this.steps = new Steps(operations, instances, platform, feed, leftOvers, settings.lease());
    this.feed = feed;
    this.settings = settings;
    this.executor = OneThread.named("worker");
    this.thread = Schedulers.from(executor);
  }

  /** Starts to claim operations and to listen to the feed. */
  public void start() {
    feed.onChange(this::changed);
    long poll = settings.poll().toMillis();
    running.add(
        thread.createWorker().schedulePeriodically(this::claim, 0, poll, TimeUnit.MILLISECONDS));
  }

  /** How many operations this replica holds. */
  public int held() {
    return held;
  }

  /** How many of them wait for a step. */
  public int queued() {
    return queued;
  }

  /** Stops taking steps; what is held is taken over once its lease has run out. */
  @Override
  public void close() {
    running.dispose();
    executor.shutdown();
  }

  /** On the feed's thread, for every new snapshot: decide quickly whether it concerns us. */
  private void changed(Snapshot snapshot) {
    Operation operation = snapshot.instance().operation();
    if (operation.running()) {
      Disposable unused = later(() -> wake(snapshot), Duration.ZERO);
    }
  }

  private void wake(Snapshot snapshot) {
    Job job = jobs.get(snapshot.instance().operation().id());
    if (job == null) {
      claim();
    } else if (Lifecycle.reached(snapshot.instance(), snapshot.observation())
        || snapshot.observation().condition() == Observation.Condition.ABSENT) {
      enqueue(job);
    }
  }

  private void claim() {
    // What waits for a step already would only wait longer, and outlive its lease meanwhile.
    int backlog = settings.maxSteps() * BACKLOG_PER_STEP - ready.size();
    int room = Math.min(settings.maxJobs() - jobs.size(), backlog);
    if (claiming || room <= 0) {
      claimAgain = claiming;
      return;
    }
    claiming = true;
    claimAgain = false;
    operations
        .claim(settings.owner(), settings.lease(), Math.min(room, CLAIM_PAGE))
        .observeOn(thread)
        .subscribe(this::claimed, this::claimFailed, running);
  }

  private void claimed(List<Instance> instances) {
    claiming = false;
    for (Instance instance : instances) {
      Job job = new Job(instance);
      jobs.put(instance.operation().id(), job);
      log.atInfo()
          .addKeyValue("instance", instance.id())
          .addKeyValue("operation", instance.operation().kind())
          .addKeyValue("attempt", instance.operation().attempt())
          .log("operation claimed");
      enqueue(job);
    }
    held = jobs.size();
    if (claimAgain || instances.size() == CLAIM_PAGE) {
      claim();
    }
  }

  private void claimFailed(Throwable error) {
    claiming = false;
    log.debug("operations could not be claimed", error);
  }

  private void enqueue(Job job) {
    if (job.begin()) {
      ready.add(job);
      drain();
    }
  }

  private void drain() {
    queued = ready.size();
    while (!running.isDisposed() && stepsUnderWay < settings.maxSteps() && !ready.isEmpty()) {
      Job job = ready.remove();
      stepsUnderWay++;
      steps
          .next(job)
          .observeOn(thread)
          .doFinally(this::stepDone)
          .subscribe(
              ended -> ended(job, ended), error -> failed(job, error), () -> waiting(job), running);
    }
  }

  private void stepDone() {
    stepsUnderWay--;
    drain();
  }

  private void ended(Job job, Instance instance) {
    drop(job);
    feed.publish(instance);
    Operation operation = instance.operation();
    log.atInfo()
        .addKeyValue("instance", instance.id())
        .addKeyValue("operation", operation.kind())
        .addKeyValue("outcome", operation.outcome())
        .addKeyValue("reason", operation.reason())
        .log("operation ended");
  }

  private void waiting(Job job) {
    job.calm();
    feed.publish(job.instance());
    next(job, job.finish() ? Duration.ZERO : job.pause(settings.lease().dividedBy(4)));
  }

  private void failed(Job job, Throwable error) {
    if (error instanceof LeaseLostException) {
      drop(job);
      return;
    }
    if (job.lastFault() == null) {
      log.atWarn()
          .addKeyValue("instance", job.instance().id())
          .addKeyValue("operation", job.operation().kind())
          .addKeyValue("fault", error.getMessage())
          .log("operation is held up");
    }
    job.fault(error.getMessage());
    job.finish();
    next(job, job.backOff());
  }

  private void next(Job job, Duration delay) {
    job.timer(later(() -> enqueue(job), delay));
  }

  private void drop(Job job) {
    job.timer(Disposable.disposed());
    jobs.remove(job.operation().id(), job);
    held = jobs.size();
  }

  private Disposable later(Runnable action, Duration delay) {
    return running.isDisposed()
        ? Disposable.disposed()
        : thread.scheduleDirect(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }
}

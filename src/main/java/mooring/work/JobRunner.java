package mooring.work;

import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import mooring.core.LeaseLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds this replica's share of one kind of work and takes its steps: at once when something has
 * changed, otherwise after a while. All state belongs to one thread; the steps themselves run
 * elsewhere, a bounded number at a time.
 */
final class JobRunner<J extends Turn, R> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  private static final int CLAIM_PAGE = 100;
  private static final int BACKLOG_PER_STEP = 8;
  private static final int STEPS_PER_LEASE = 4;

  private final Work<J, R> work;
  private final WorkerSettings settings;
  private final OneThread thread;
  private final Map<Object, J> jobs = new HashMap<>();
  private final Queue<J> ready = new ArrayDeque<>();
  private int stepsUnderWay;
  private boolean claiming;
  private boolean claimAgain;
  private volatile int held;
  private volatile int queued;

  /**
   * Does nothing before its start.
   *
   * @param name of its thread
   */
  JobRunner(String name, Work<J, R> work, WorkerSettings settings) {
    this.work = work;
    this.settings = settings;
    this.thread = new OneThread(name);
  }

  /** Starts to claim. */
  void start() {
    thread.every(settings.poll(), this::claim);
  }

  /** There may be something to claim. */
  void offered() {
    thread.now(this::claim);
  }

  /** Something of a job has changed; it takes a step if it is held here. */
  void changed(Object key) {
    thread.now(
        () -> {
          J job = jobs.get(key);
          if (job != null) {
            enqueue(job);
          }
        });
  }

  /**
   * Something of a running job has changed: it takes a step if that is due, or is to be claimed.
   */
  void changed(Object key, BooleanSupplier due) {
    thread.now(
        () -> {
          J job = jobs.get(key);
          if (job == null) {
            claim();
          } else if (due.getAsBoolean()) {
            enqueue(job);
          }
        });
  }

  /** Something has changed that may concern every job. */
  void changed() {
    thread.now(() -> List.copyOf(jobs.values()).forEach(this::enqueue));
  }

  /** How many jobs this replica holds. */
  int held() {
    return held;
  }

  /** How many of them wait for a step. */
  int queued() {
    return queued;
  }

  /** Stops taking steps; what is held is taken over once its lease has run out. */
  @Override
  public void close() {
    thread.close();
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
    work.claim(Math.min(room, CLAIM_PAGE))
        .observeOn(thread.scheduler())
        .subscribe(this::claimed, this::claimFailed, thread.underWay());
  }

  private void claimed(List<J> claimed) {
    claiming = false;
    for (J job : claimed) {
      J stale = jobs.put(job.key(), job);
      if (stale != null) {
        stale.timer(Disposable.disposed());
      }
      work.claimed(job);
      enqueue(job);
    }
    held = jobs.size();
    if (claimAgain || claimed.size() == CLAIM_PAGE) {
      claim();
    }
  }

  private void claimFailed(Throwable error) {
    claiming = false;
    log.debug("nothing could be claimed", error);
  }

  private void enqueue(J job) {
    if (job.begin()) {
      ready.add(job);
      drain();
    }
  }

  private void drain() {
    while (!thread.closed() && stepsUnderWay < settings.maxSteps() && !ready.isEmpty()) {
      J job = ready.remove();
      stepsUnderWay++;
      work.step(job)
          .observeOn(thread.scheduler())
          .doFinally(this::stepDone)
          .subscribe(
              result -> done(job, result),
              error -> failed(job, error),
              () -> waiting(job),
              thread.underWay());
    }
    queued = ready.size();
  }

  private void stepDone() {
    stepsUnderWay--;
    drain();
  }

  private void done(J job, R result) {
    drop(job);
    if (work.done(job, result)) {
      claim();
    }
  }

  private void waiting(J job) {
    job.calm();
    work.waiting(job);
    Duration usual = settings.lease().dividedBy(STEPS_PER_LEASE);
    next(job, job.finish() ? Duration.ZERO : job.pause(usual));
  }

  private void failed(J job, Throwable error) {
    if (error instanceof LeaseLostException) {
      drop(job);
      return;
    }
    if (job.lastFault() == null) {
      work.heldUp(job, error);
    }
    job.fault(error.getMessage());
    job.finish();
    // Who waits for longer than a lease begins anew with another one, and knows nothing any more.
    Duration longest = settings.lease().dividedBy(2);
    Duration wait = job.backOff();
    next(job, wait.compareTo(longest) > 0 ? longest : wait);
  }

  private void next(J job, Duration delay) {
    job.timer(thread.later(() -> enqueue(job), delay));
  }

  private void drop(J job) {
    job.timer(Disposable.disposed());
    jobs.remove(job.key(), job);
    held = jobs.size();
  }
}

package mooring.local.control;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a handler for keys: one call per key at a time, several keys side by side, a key that is
 * waiting is not queued twice, and one that is not done yet is tried again later and later. Its
 * length is bounded by the number of keys.
 */
public final class WorkQueue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkQueue.class);
  private static final int WORKERS = 8;
  private static final long FIRST_RETRY_MILLIS = 500;
  private static final long LAST_RETRY_MILLIS = 30_000;

  private enum State {
    QUEUED,
    RUNNING,
    RUNNING_AND_CHANGED
  }

  private final Predicate<String> handler;
  private final ScheduledThreadPoolExecutor workers;
  private final Map<String, State> states = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, Future<?>> retries = new HashMap<>();
  private final Map<String, ScheduledFuture<?>> later = new HashMap<>();

  /**
   * Starts with nothing to do.
   *
   * @param handler tells whether it is done with the key
   */
  public WorkQueue(Predicate<String> handler) {
    this.handler = handler;
    AtomicInteger number = new AtomicInteger();
    workers =
        new ScheduledThreadPoolExecutor(
            WORKERS,
            task -> {
              Thread thread = new Thread(task, "operator-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    workers.setRemoveOnCancelPolicy(true);
  }

  /**
   * Has the handler called for a key, soon.
   *
   * @param key what has to be looked at
   */
  public synchronized void add(String key) {
    State state = states.get(key);
    if (workers.isShutdown() || state == State.QUEUED || state == State.RUNNING_AND_CHANGED) {
      return;
    }
    if (state == State.RUNNING) {
      states.put(key, State.RUNNING_AND_CHANGED);
      return;
    }
    states.put(key, State.QUEUED);
    workers.execute(() -> run(key));
  }

  /**
   * Has the handler called for a key, later. Of several such wishes for a key the earliest counts.
   *
   * @param key what has to be looked at
   * @param delay from now
   */
  public synchronized void addLater(String key, Duration delay) {
    ScheduledFuture<?> waiting = later.get(key);
    long millis = delay.toMillis();
    if (workers.isShutdown()
        || (waiting != null && waiting.getDelay(TimeUnit.MILLISECONDS) <= millis)) {
      return;
    }
    if (waiting != null) {
      waiting.cancel(false);
    }
    later.put(key, workers.schedule(() -> addNow(key), millis, TimeUnit.MILLISECONDS));
  }

  private synchronized void addNow(String key) {
    later.remove(key);
    add(key);
  }

  /**
   * Runs something else on the same bounded threads.
   *
   * @param task what to run, once
   */
  public void execute(Runnable task) {
    workers.execute(task);
  }

  /**
   * Runs something again and again.
   *
   * @param period from the end of one run to the start of the next
   * @param task what to run; an exception ends it
   */
  public void every(Duration period, Runnable task) {
    Future<?> unused =
        workers.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(String key) {
    synchronized (this) {
      states.put(key, State.RUNNING);
    }
    boolean done = false;
    try {
      done = handler.test(key);
    } catch (RuntimeException e) {
      if (!workers.isShutdown()) {
        Outage.cause(log.atWarn().addKeyValue("key", key), e).log("Trying again later");
      }
    }
    finished(key, done);
  }

  private synchronized void finished(String key, boolean done) {
    boolean changed = states.remove(key) == State.RUNNING_AND_CHANGED;
    Future<?> earlier = retries.remove(key);
    if (earlier != null) {
      earlier.cancel(false);
    }
    if (done) {
      failures.remove(key);
    } else if (!workers.isShutdown()) {
      int count = failures.merge(key, 1, Integer::sum);
      long delay = Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(count - 1, 10));
      retries.put(key, workers.schedule(() -> add(key), delay, TimeUnit.MILLISECONDS));
    }
    if (changed) {
      add(key);
    }
  }

  /** Interrupts what runs, drops what waits, and takes nothing more. */
  @Override
  public void close() {
    workers.shutdownNow();
  }

  /**
   * Waits, after {@link #close}, for what still runs.
   *
   * @param limit how long at most
   */
  public void awaitEnd(Duration limit) {
    try {
      if (!workers.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().log("Some work has not ended yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

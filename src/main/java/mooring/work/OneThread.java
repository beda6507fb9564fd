package mooring.work;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.disposables.DisposableContainer;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The thread that all state of a runner belongs to, and what runs for it elsewhere. */
final class OneThread implements AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;
  private final Scheduler scheduler;
  private final CompositeDisposable underWay = new CompositeDisposable();

  /** What comes in after the end, a timer or the outcome of a step, is dropped without a word. */
  OneThread(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> new Thread(task, name), new ThreadPoolExecutor.DiscardPolicy());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
    scheduler = Schedulers.from(executor);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** What ends with the thread. */
  DisposableContainer underWay() {
    return underWay;
  }

  boolean closed() {
    return underWay.isDisposed();
  }

  /** Does something at once and then again and again. */
  void every(Duration period, Runnable action) {
    underWay.add(
        scheduler
            .createWorker()
            .schedulePeriodically(action, 0, period.toMillis(), TimeUnit.MILLISECONDS));
  }

  void now(Runnable action) {
    Disposable unused = later(action, Duration.ZERO);
  }

  Disposable later(Runnable action, Duration delay) {
    return closed()
        ? Disposable.disposed()
        : scheduler.scheduleDirect(action, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    underWay.dispose();
    executor.shutdown();
  }
}

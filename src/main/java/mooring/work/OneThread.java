package mooring.work;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** The thread that all state of a worker belongs to. */
final class OneThread {
  private OneThread() {}

  /** What comes in after the end, a timer or the outcome of a step, is dropped without a word. */
  static ScheduledThreadPoolExecutor named(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, task -> new Thread(task, name), new ThreadPoolExecutor.DiscardPolicy());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }
}

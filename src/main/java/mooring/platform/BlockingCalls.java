package mooring.platform;

import io.reactivex.rxjava3.core.Single;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs blocking calls on threads of its own, a bounded number at once and in waiting. */
final class BlockingCalls implements AutoCloseable {
  private static final int THREADS = 8;
  private static final int WAITING = 1_024;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          new NamedThreads("kubernetes-call"));

  BlockingCalls() {
    threads.allowCoreThreadTimeOut(true);
  }

  /** The call's result, on one of the threads here; fails at once when too many wait. */
  <T> Single<T> call(Callable<T> call) {
    return Single.create(
        emitter -> {
          Runnable run =
              () -> {
                if (emitter.isDisposed()) {
                  return;
                }
                try {
                  emitter.onSuccess(call.call());
                } catch (Exception e) {
                  emitter.tryOnError(e);
                }
              };
          try {
            threads.execute(run);
          } catch (RejectedExecutionException e) {
            emitter.tryOnError(new PlatformFailure("too many calls wait for Kubernetes"));
          }
        });
  }

  /** Ends what runs after at most 5 s. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}

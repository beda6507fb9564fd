package mooring.local.kubernetes;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongConsumer;
import mooring.local.kubernetes.Journal.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets concurrent writes share one flush: what arrives while a flush runs makes the next one. Used
 * from one event loop; only the flush itself runs on the worker.
 *
 * <p>A failed flush is final. The state in memory is then ahead of the disk, so nothing is
 * acknowledged any more until the process starts anew from what the disk holds.
 */
final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

  private final Context context;
  private final WorkerExecutor worker;
  private final Journal journal;
  private final LongConsumer flushed;
  private final Queue<Waiter> waiters = new ArrayDeque<>();
  private List<Entry> pending = new ArrayList<>();
  private long durable;
  private boolean flushing;
  private Throwable broken;

  private record Waiter(long version, Promise<Void> promise) {}

  /**
   * @param flushed told the newest durable version after each flush, before those who wait for it
   */
  GroupCommit(Context context, WorkerExecutor worker, Journal journal, LongConsumer flushed) {
    this.context = context;
    this.worker = worker;
    this.journal = journal;
    this.flushed = flushed;
    this.durable = journal.version();
  }

  void add(Entry entry) {
    pending.add(entry);
    if (!flushing) {
      // Not at once: the other requests that this turn of the loop reads join the flush.
      flushing = true;
      context.runOnContext(v -> flush());
    }
  }

  /** Completes once everything up to this version is on disk; fails when it will not be. */
  Future<Void> durable(long version) {
    if (broken != null) {
      return Future.failedFuture(failure());
    }
    if (version <= durable) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waiters.add(new Waiter(version, promise));
    return promise.future();
  }

  private void flush() {
    List<Entry> batch = pending;
    pending = new ArrayList<>();
    worker
        .executeBlocking(
            () -> {
              journal.write(batch);
              return batch.get(batch.size() - 1).version();
            })
        .onSuccess(this::done)
        .onFailure(this::fail);
  }

  private void done(long version) {
    durable = version;
    flushing = !pending.isEmpty();
    if (flushing) {
      flush();
    }
    flushed.accept(version);
    // Versions only grow, so the queue is in order.
    while (!waiters.isEmpty() && waiters.peek().version() <= version) {
      waiters.remove().promise().complete();
    }
  }

  private void fail(Throwable cause) {
    log.atError().setCause(cause).log("Writing the embedded Kubernetes objects to disk failed");
    broken = cause;
    waiters.forEach(w -> w.promise().fail(failure()));
    waiters.clear();
  }

  private StatusException failure() {
    return StatusException.internal("the objects cannot be written to disk");
  }
}

package mooring.local.kubernetes;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import mooring.local.kubernetes.Journal.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets concurrent writes share one flush: what arrives while a flush runs makes the next one. Used
 * from one event loop; only the flush itself runs on the worker.
 *
 * <p>When a flush fails, everything that is not on disk is undone, in memory at once, since nobody
 * has been told of it. From then on there is nothing to flush: writes are refused, until the
 * undoing is on disk too. It has to be: nobody knows how much of the failed flush the disk took.
 */
final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final long RETRY_MILLIS = 1_000;

  private final Context context;
  private final WorkerExecutor worker;
  private final Journal journal;
  private final Listener listener;
  private final Queue<Waiter> waiters = new ArrayDeque<>();
  private List<Entry> pending = new ArrayList<>();
  private long durable;
  private boolean flushing;
  private volatile boolean broken;

  private record Waiter(long version, Promise<Void> promise) {}

  /** Whose changes these are. */
  interface Listener {
    /** Told the newest durable version after each flush, before those who wait for it. */
    void flushed(long version);

    /**
     * Undoes every change since the last flush.
     *
     * @return what brings the disk to the same state
     */
    List<Entry> undone();

    /** Writes are taken again. */
    void resumed();
  }

  GroupCommit(Context context, WorkerExecutor worker, Journal journal, Listener listener) {
    this.context = context;
    this.worker = worker;
    this.journal = journal;
    this.listener = listener;
    this.durable = journal.version();
  }

  /** Whether entries are taken; may be asked from any thread. */
  boolean writable() {
    return !broken;
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
    write(batch).onSuccess(v -> done(batch.get(batch.size() - 1).version())).onFailure(this::fail);
  }

  private Future<Void> write(List<Entry> entries) {
    return worker.executeBlocking(
        () -> {
          journal.write(entries);
          return null;
        });
  }

  private void done(long version) {
    durable = version;
    flushing = !pending.isEmpty();
    if (flushing) {
      flush();
    }
    listener.flushed(version);
    // Versions only grow, so the queue is in order.
    while (!waiters.isEmpty() && waiters.peek().version() <= version) {
      waiters.remove().promise().complete();
    }
  }

  private void fail(Throwable cause) {
    log.atError()
        .addKeyValue("cause", root(cause))
        .log("Kubernetes objects cannot be written to disk: writes are refused until they can");
    broken = true;
    pending = new ArrayList<>();
    List<Entry> undone = listener.undone();
    List<Waiter> told = List.copyOf(waiters);
    waiters.clear();
    told.forEach(w -> w.promise().fail(StatusException.notWritable()));
    retryLater(undone);
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private void retryLater(List<Entry> undone) {
    context
        .owner()
        .setTimer(
            RETRY_MILLIS,
            t -> write(undone).onSuccess(v -> recovered()).onFailure(e -> retryLater(undone)));
  }

  private void recovered() {
    flushing = false;
    broken = false;
    log.atInfo().log("Kubernetes objects can be written to disk again");
    listener.resumed();
  }
}

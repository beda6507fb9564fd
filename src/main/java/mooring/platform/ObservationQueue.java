package mooring.platform;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mooring.core.Observation;
import mooring.core.ObservationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands observations to the listener, one at a time and in the order in which the databases
 * changed. Changes of one database that pile up become one: it is read when its turn comes, so the
 * queue is never longer than there are databases.
 */
final class ObservationQueue implements ChangeSink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ObservationQueue.class);

  private final ObservationListener listener;
  private final BiFunction<UUID, Long, Observation> reader;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(new NamedThreads("observations"));
  private final Map<UUID, Long> waiting = new LinkedHashMap<>();
  // The last one of each database that has objects; only the thread touches it.
  private final Map<UUID, Observation> told = new HashMap<>();
  // As of which the first look at everything was whole; only the thread touches it.
  private long wholeVersion;
  private boolean synced;
  private boolean draining;

  /**
   * A queue that is silent until {@link #synced}.
   *
   * @param reader reads a database, at a version not older than the given one
   */
  ObservationQueue(ObservationListener listener, BiFunction<UUID, Long, Observation> reader) {
    this.listener = listener;
    this.reader = reader;
  }

  @Override
  public void changed(UUID instance) {
    removed(instance, 0);
  }

  @Override
  public synchronized void removed(UUID instance, long version) {
    // Before the first complete view there is nothing to correct: that view will be shown whole.
    if (synced) {
      waiting.merge(instance, version, Math::max);
      if (!draining && !thread.isShutdown()) {
        draining = true;
        thread.execute(this::drain);
      }
    }
  }

  /** Shows everything there is, then says so, then goes on with changes. */
  synchronized void synced(Supplier<Stream<UUID>> all, LongSupplier version) {
    synced = true;
    thread.execute(
        () -> {
          wholeVersion = version.getAsLong();
          all.get().distinct().forEach(instance -> show(instance, 0));
          guarded(() -> listener.synced(wholeVersion));
        });
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        log.atWarn().log("the listener of observations does not come to an end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() {
    while (true) {
      Map.Entry<UUID, Long> next;
      synchronized (this) {
        Iterator<Map.Entry<UUID, Long>> first = waiting.entrySet().iterator();
        if (!first.hasNext()) {
          draining = false;
          return;
        }
        next = Map.Entry.copyOf(first.next());
        first.remove();
      }
      show(next.getKey(), next.getValue());
    }
  }

  private void show(UUID instance, long version) {
    guarded(
        () -> {
          Observation before = told.get(instance);
          long floor = Math.max(version, before == null ? wholeVersion : before.version());
          Observation now = reader.apply(instance, floor);
          if (now.equals(before)) {
            return;
          }
          if (now.condition() == Observation.Condition.ABSENT && now.facts().address() == null) {
            told.remove(instance);
          } else {
            told.put(instance, now);
          }
          listener.observed(now);
        });
  }

  /** One database that cannot be read or told must not silence the others. */
  private static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("an observation was lost");
    }
  }
}

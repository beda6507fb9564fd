package mooring.status;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.subjects.MaybeSubject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mooring.core.Endings;
import mooring.core.Instance;
import mooring.core.Operation;

/** Hears from the feed when operations end; whoever waits for one is told at once. */
public final class EndingWatch implements Endings {
  private record Waiter(UUID operation, MaybeSubject<Instance> ending) {}

  private final StatusFeed feed;
  private final Map<UUID, List<Waiter>> waiting = new ConcurrentHashMap<>();

  public EndingWatch(StatusFeed feed) {
    this.feed = feed;
    feed.onChange(snapshot -> heard(snapshot.instance()));
  }

  @Override
  public Maybe<Instance> ended(UUID instance, UUID operation, Duration limit) {
    // Each has one of its own: whoever gives up takes nothing away from the others.
    MaybeSubject<Instance> ending = MaybeSubject.create();
    Waiter waiter = new Waiter(operation, ending);
    waiting.compute(instance, (id, others) -> with(others, waiter));
    Snapshot known = feed.snapshot(instance);
    if (known != null) { // it may have ended before anybody waited
      heard(known.instance());
    }
    return ending
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS, Maybe.empty())
        .doFinally(() -> waiting.computeIfPresent(instance, (id, all) -> without(all, waiter)));
  }

  private static List<Waiter> with(List<Waiter> others, Waiter waiter) {
    List<Waiter> all = others == null ? new CopyOnWriteArrayList<>() : others;
    all.add(waiter);
    return all;
  }

  private static List<Waiter> without(List<Waiter> all, Waiter waiter) {
    all.remove(waiter);
    return all.isEmpty() ? null : all;
  }

  private void heard(Instance instance) {
    Operation latest = instance.operation();
    for (Waiter one : waiting.getOrDefault(instance.id(), List.of())) {
      if (!latest.id().equals(one.operation)) {
        // Another has followed: how this one has ended is not heard any more.
        one.ending.onComplete();
      } else if (!latest.running()) {
        one.ending.onSuccess(instance);
      }
    }
  }
}

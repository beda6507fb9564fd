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
  private final StatusFeed feed;
  private final Map<UUID, List<MaybeSubject<Instance>>> waiting = new ConcurrentHashMap<>();

  public EndingWatch(StatusFeed feed) {
    this.feed = feed;
    feed.onChange(snapshot -> heard(snapshot.instance()));
  }

  @Override
  public Maybe<Instance> ended(UUID instance, UUID operation, Duration limit) {
    // Each has one of its own: whoever gives up takes nothing away from the others.
    MaybeSubject<Instance> ending = MaybeSubject.create();
    waiting.compute(operation, (id, others) -> with(others, ending));
    Snapshot known = feed.snapshot(instance);
    if (known != null) { // it may have ended before anybody waited
      heard(known.instance());
    }
    return ending
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS, Maybe.empty())
        .doFinally(() -> waiting.computeIfPresent(operation, (id, all) -> without(all, ending)));
  }

  private static List<MaybeSubject<Instance>> with(
      List<MaybeSubject<Instance>> others, MaybeSubject<Instance> ending) {
    List<MaybeSubject<Instance>> all = others == null ? new CopyOnWriteArrayList<>() : others;
    all.add(ending);
    return all;
  }

  private static List<MaybeSubject<Instance>> without(
      List<MaybeSubject<Instance>> all, MaybeSubject<Instance> ending) {
    all.remove(ending);
    return all.isEmpty() ? null : all;
  }

  private void heard(Instance instance) {
    Operation operation = instance.operation();
    if (!operation.running()) {
      waiting.getOrDefault(operation.id(), List.of()).forEach(one -> one.onSuccess(instance));
    }
  }
}

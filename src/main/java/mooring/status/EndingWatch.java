package mooring.status;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.subjects.MaybeSubject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import mooring.core.Endings;
import mooring.core.Instance;
import mooring.core.Operation;

/** Hears from the feed when operations end; whoever waits for one is told at once. */
public final class EndingWatch implements Endings {
  private final StatusFeed feed;
  private final Map<UUID, MaybeSubject<Instance>> waiting = new ConcurrentHashMap<>();

  public EndingWatch(StatusFeed feed) {
    this.feed = feed;
    feed.onChange(snapshot -> heard(snapshot.instance()));
  }

  @Override
  public Maybe<Instance> ended(UUID instance, UUID operation, Duration limit) {
    MaybeSubject<Instance> ending =
        waiting.computeIfAbsent(operation, unknown -> MaybeSubject.create());
    Snapshot known = feed.snapshot(instance);
    if (known != null) { // it may have ended before anybody waited
      heard(known.instance());
    }
    return ending
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS, Maybe.empty())
        .doFinally(() -> waiting.remove(operation, ending));
  }

  private void heard(Instance instance) {
    Operation operation = instance.operation();
    MaybeSubject<Instance> ending = operation.running() ? null : waiting.get(operation.id());
    if (ending != null) {
      ending.onSuccess(instance);
    }
  }
}

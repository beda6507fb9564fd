package mooring.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import mooring.core.ChangeListener;
import mooring.core.Instance;
import mooring.core.Token;

/** Keeps what a feed tells, and notices calls that overlap or come on an event loop. */
final class FeedRecorder implements ChangeListener {
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Map<UUID, Instance> instances = new HashMap<>();
  private final Map<UUID, Token> tokens = new HashMap<>();
  private final List<Instance> changes = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int loads;

  @Override
  public void loaded(List<Instance> allInstances, List<Token> allTokens) {
    call(
        () -> {
          loads++;
          instances.clear();
          tokens.clear();
          changes.clear();
          allInstances.forEach(instance -> instances.put(instance.id(), instance));
          allTokens.forEach(token -> tokens.put(token.id(), token));
        });
  }

  @Override
  public void changed(List<Instance> changedInstances, List<Token> changedTokens) {
    call(
        () -> {
          changes.addAll(changedInstances);
          changedInstances.forEach(instance -> instances.put(instance.id(), instance));
          changedTokens.forEach(token -> tokens.put(token.id(), token));
        });
  }

  private void call(Runnable body) {
    if (!busy.compareAndSet(false, true)) {
      fault("overlapping calls");
    }
    if (Thread.currentThread().getName().contains("eventloop")) {
      fault("called on an event loop");
    }
    synchronized (this) {
      body.run();
    }
    busy.set(false);
  }

  private synchronized void fault(String text) {
    faults.add(text);
  }

  synchronized int loads() {
    return loads;
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** Every instance told of since the last load, in order. */
  synchronized List<Instance> changes() {
    return List.copyOf(changes);
  }

  synchronized Map<UUID, Instance> instances() {
    return Map.copyOf(instances);
  }

  synchronized Map<UUID, Token> tokens() {
    return Map.copyOf(tokens);
  }

  /** Whether exactly this row is the last that was told of its instance. */
  synchronized boolean knows(Instance instance) {
    return instance.equals(instances.get(instance.id()));
  }
}

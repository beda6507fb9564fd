package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import mooring.local.kubernetes.Journal.Entry;

/**
 * Every object, in memory, with what is needed to find it: by place, and by the uid of its owner.
 * Belongs to one event loop. A write takes effect at once and becomes durable a little later; who
 * tells others about it waits for {@link #durable}. What the disk does not take is undone.
 */
final class ObjectStore implements GroupCommit.Listener {
  private final Map<ResourceType, NavigableMap<String, Stored>> types = new HashMap<>();
  private final Map<String, Set<ObjectKey>> dependents = new HashMap<>();
  private final List<Consumer<Change>> observers = new ArrayList<>();
  private final List<Consumer<Change>> audience = new ArrayList<>();
  private final List<Runnable> resumers = new ArrayList<>();
  private final Deque<Change> unpublished = new ArrayDeque<>();
  private GroupCommit commits;
  private long version;

  /** Fills the empty store from disk, before it is used. */
  void load(Journal journal) {
    journal.forEach(
        (key, bytes) -> ObjectKey.ofStorageKey(key).ifPresent(k -> index(parse(k, bytes))));
    version = journal.version();
  }

  void commitThrough(GroupCommit groupCommit) {
    this.commits = groupCommit;
  }

  private static Stored parse(ObjectKey key, byte[] bytes) {
    try {
      ObjectNode json = (ObjectNode) Json.read(bytes);
      return new Stored(
          key, Long.parseLong(Meta.resourceVersion(json)), json, Buffer.buffer(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("stored object " + key + " is not readable", e);
    }
  }

  /** Hears of every change at once, durable or not. */
  void observe(Consumer<Change> observer) {
    observers.add(observer);
  }

  /** Hears of every change, in order, once it is durable. */
  void publishTo(Consumer<Change> listener) {
    audience.add(listener);
  }

  /** Told when writes are taken again; changes that were observed before may have been undone. */
  void resumeWith(Runnable resumer) {
    resumers.add(resumer);
  }

  /** Whether writes are taken; may be asked from any thread. */
  boolean writable() {
    return commits.writable();
  }

  /** The last version given out. */
  long version() {
    return version;
  }

  Future<Void> durable(long upTo) {
    return commits.durable(upTo);
  }

  Optional<Stored> get(ObjectKey key) {
    return Optional.ofNullable(of(key.type()).get(key.path()));
  }

  /** The objects of a type, in order, of one namespace or, given "", of all. */
  Collection<Stored> list(ResourceType type, String namespace) {
    NavigableMap<String, Stored> all = of(type);
    // '0' follows '/': everything that starts with "namespace/".
    return namespace.isEmpty()
        ? all.values()
        : all.subMap(namespace + "/", true, namespace + "0", false).values();
  }

  /** Every object in a namespace. */
  List<Stored> inNamespace(String namespace) {
    return types.keySet().stream()
        .filter(ResourceType::namespaced)
        .flatMap(type -> list(type, namespace).stream())
        .toList();
  }

  List<Stored> all() {
    return types.values().stream().flatMap(objects -> objects.values().stream()).toList();
  }

  /** The objects that name this uid among their owners. */
  List<Stored> dependents(String uid) {
    return dependents.getOrDefault(uid, Set.of()).stream()
        .map(this::get)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Stores the object under the next version, which is written into it.
   *
   * @throws StatusException when no writes are taken
   */
  Stored put(ObjectKey key, ObjectNode json) {
    requireWritable();
    Stored after = Stored.of(key, ++version, json);
    Stored before = of(key.type()).get(key.path());
    if (before != null) {
      unindex(before);
    }
    index(after);
    announce(new Change(version, before, after, false));
    return after;
  }

  /**
   * Removes the object; its last state carries the version of the removal.
   *
   * @throws StatusException when no writes are taken
   */
  Stored remove(ObjectKey key, ObjectNode lastState) {
    requireWritable();
    Stored before = of(key.type()).get(key.path());
    Stored after = Stored.of(key, ++version, lastState);
    unindex(before);
    announce(new Change(version, before, after, true));
    return after;
  }

  /**
   * Refuses what could not be stored anyway.
   *
   * @throws StatusException when no writes are taken
   */
  void requireWritable() {
    if (!writable()) {
      throw StatusException.notWritable();
    }
  }

  @Override
  public void flushed(long upTo) {
    while (!unpublished.isEmpty() && unpublished.peek().version() <= upTo) {
      Change change = unpublished.remove();
      audience.forEach(a -> a.accept(change));
    }
  }

  @Override
  public List<Entry> undone() {
    version = unpublished.getFirst().version() - 1;
    List<Entry> entries = new ArrayList<>();
    // The newest first: each object ends in the state that the disk had last.
    while (!unpublished.isEmpty()) {
      Change change = unpublished.removeLast();
      ObjectKey key = change.key();
      get(key).ifPresent(this::unindex);
      if (change.before() != null) {
        index(change.before());
      }
      Buffer bytes = change.before() == null ? null : change.before().bytes();
      entries.add(new Entry(version, key.storageKey(), bytes));
    }
    return entries;
  }

  @Override
  public void resumed() {
    resumers.forEach(Runnable::run);
  }

  private void announce(Change change) {
    Buffer bytes = change.removed() ? null : change.after().bytes();
    unpublished.add(change);
    commits.add(new Entry(change.version(), change.key().storageKey(), bytes));
    observers.forEach(o -> o.accept(change));
  }

  private void index(Stored stored) {
    of(stored.key().type()).put(stored.key().path(), stored);
    for (Meta.Owner owner : Meta.owners(stored.json())) {
      dependents.computeIfAbsent(owner.uid(), u -> new LinkedHashSet<>()).add(stored.key());
    }
  }

  private void unindex(Stored stored) {
    of(stored.key().type()).remove(stored.key().path());
    for (Meta.Owner owner : Meta.owners(stored.json())) {
      Set<ObjectKey> keys = dependents.getOrDefault(owner.uid(), Set.of());
      keys.remove(stored.key());
      if (keys.isEmpty()) {
        dependents.remove(owner.uid());
      }
    }
  }

  private NavigableMap<String, Stored> of(ResourceType type) {
    return types.computeIfAbsent(type, t -> new TreeMap<>());
  }
}

package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mooring.local.kubernetes.Meta.Owner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows owner references as the controller manager's garbage collector does: an object whose
 * owners are all gone is deleted, foreground deletion waits for blocking dependents, orphaning cuts
 * them loose. Works a bounded piece of its queue per turn of the event loop.
 */
final class GarbageCollector {
  private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);
  private static final int KEYS_PER_TURN = 64;

  private final Context context;
  private final ObjectStore store;
  private final Deletion deletion;
  private final ResourceWriter writer;
  private final Set<ObjectKey> queue = new LinkedHashSet<>();
  private boolean scheduled;

  GarbageCollector(Context context, ObjectStore store, Deletion deletion, ResourceWriter writer) {
    this.context = context;
    this.store = store;
    this.deletion = deletion;
    this.writer = writer;
  }

  /** Looks at everything once, since a crash may have cut work short, then follows changes. */
  void start() {
    lookAtEverything();
    store.observe(this::changed);
    store.resumeWith(this::lookAtEverything);
  }

  private void lookAtEverything() {
    store.all().forEach(stored -> enqueue(stored.key()));
  }

  private void changed(Change change) {
    if (change.removed()) {
      store.dependents(change.after().uid()).forEach(d -> enqueue(d.key()));
    } else {
      enqueue(change.key());
    }
    if (change.before() != null) {
      // An owner may be waiting for this object to go, or to let go of it.
      for (Owner owner : Meta.owners(change.before().json())) {
        ownerKey(change.key(), owner).ifPresent(this::enqueue);
      }
    }
  }

  private void enqueue(ObjectKey key) {
    Optional<Stored> stored = store.get(key);
    boolean concerned =
        stored
            .filter(s -> s.deleting() || s.json().path("metadata").has("ownerReferences"))
            .isPresent();
    if (concerned && queue.add(key) && !scheduled) {
      scheduled = true;
      context.runOnContext(v -> work());
    }
  }

  private void work() {
    if (!store.writable()) {
      // Everything is looked at again once it is.
      queue.clear();
    }
    for (int i = 0; i < KEYS_PER_TURN && !queue.isEmpty(); i++) {
      ObjectKey key = queue.iterator().next();
      queue.remove(key);
      try {
        store.get(key).ifPresent(this::collect);
      } catch (StatusException e) {
        log.atWarn().addKeyValue("object", key).setCause(e).log("Garbage collection failed");
      }
    }
    scheduled = !queue.isEmpty();
    if (scheduled) {
      context.runOnContext(v -> work());
    }
  }

  private void collect(Stored stored) {
    if (stored.deleting()) {
      if (Meta.finalizers(stored.json()).contains(Meta.ORPHAN)) {
        orphan(stored);
      } else if (Meta.finalizers(stored.json()).contains(Meta.FOREGROUND)) {
        foreground(stored);
      }
    } else {
      followOwners(stored);
    }
  }

  private void orphan(Stored owner) {
    for (Stored dependent : store.dependents(owner.uid())) {
      ObjectNode next = dependent.copy();
      Meta.dropOwners(next, List.of(owner.uid()));
      write(dependent, next);
    }
    release(owner, Meta.ORPHAN);
  }

  private void foreground(Stored owner) {
    List<Stored> dependents = store.dependents(owner.uid());
    dependents.stream().filter(d -> !d.deleting()).forEach(d -> enqueue(d.key()));
    boolean blocked =
        dependents.stream()
            .flatMap(d -> Meta.owners(d.json()).stream())
            .anyMatch(o -> o.uid().equals(owner.uid()) && o.blocks());
    if (!blocked) {
      release(owner, Meta.FOREGROUND);
    }
  }

  private void followOwners(Stored stored) {
    List<String> absent = new ArrayList<>();
    boolean foreground = false;
    boolean solid = false;
    for (Owner owner : Meta.owners(stored.json())) {
      Optional<ObjectKey> key = ownerKey(stored.key(), owner);
      Optional<Stored> found = key.flatMap(store::get).filter(o -> o.uid().equals(owner.uid()));
      boolean leaving =
          found
              .filter(o -> Meta.finalizers(o.json()).contains(Meta.FOREGROUND) && o.deleting())
              .isPresent();
      if (leaving || (key.isPresent() && found.isEmpty())) {
        absent.add(owner.uid());
        foreground |= leaving;
      } else {
        // An owner of a type that is not served here may well exist elsewhere.
        solid = true;
      }
    }
    if (absent.isEmpty()) {
      return;
    }
    if (solid) {
      ObjectNode next = stored.copy();
      Meta.dropOwners(next, absent);
      write(stored, next);
    } else {
      boolean waits = foreground && !store.dependents(stored.uid()).isEmpty();
      deletion.delete(
          stored.key(), waits ? Deletion.Options.FOREGROUND : Deletion.Options.BACKGROUND);
    }
  }

  private void release(Stored owner, String finalizer) {
    ObjectNode next = owner.copy();
    List<String> finalizers = new ArrayList<>(Meta.finalizers(next));
    finalizers.remove(finalizer);
    Meta.finalizers(next, finalizers);
    write(owner, next);
  }

  private void write(Stored live, ObjectNode next) {
    writer.finish(live, next, new WriteOptions("kube-controller-manager", false, false, false));
  }

  private static Optional<ObjectKey> ownerKey(ObjectKey dependent, Owner owner) {
    return ResourceTypes.ofKind(owner.apiVersion(), owner.kind())
        .filter(type -> !type.namespaced() || dependent.type().namespaced())
        .map(
            type ->
                new ObjectKey(type, type.namespaced() ? dependent.namespace() : "", owner.name()));
  }
}

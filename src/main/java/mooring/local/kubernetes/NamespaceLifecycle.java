package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;

/** Empties a namespace that is being deleted, and removes it once nothing is left in it. */
final class NamespaceLifecycle {
  private static final WriteOptions AS_CONTROLLER =
      new WriteOptions("kube-controller-manager", false, false, false);

  private final Context context;
  private final ObjectStore store;
  private final Deletion deletion;
  private final ResourceWriter writer;

  NamespaceLifecycle(Context context, ObjectStore store, Deletion deletion, ResourceWriter writer) {
    this.context = context;
    this.store = store;
    this.deletion = deletion;
    this.writer = writer;
  }

  /** Makes {@code default} when absent, and goes on with deletions that a stop cut short. */
  void start() {
    ObjectKey byDefault = new ObjectKey(ResourceTypes.NAMESPACE, "", "default");
    if (store.get(byDefault).isEmpty()) {
      ObjectNode namespace = Json.object();
      Meta.of(namespace).put("name", "default");
      writer.create(ResourceTypes.NAMESPACE, "", namespace, AS_CONTROLLER);
    }
    lookAtAll();
    store.observe(this::changed);
    store.resumeWith(this::lookAtAll);
  }

  private void lookAtAll() {
    store.list(ResourceTypes.NAMESPACE, "").forEach(n -> later(n.key().name()));
  }

  private void changed(Change change) {
    ObjectKey key = change.key();
    if (key.type().equals(ResourceTypes.NAMESPACE)) {
      later(key.name());
    } else if (change.removed()) {
      later(key.namespace());
    }
  }

  private void later(String namespace) {
    ObjectKey key = new ObjectKey(ResourceTypes.NAMESPACE, "", namespace);
    if (store.get(key).filter(Stored::deleting).isPresent()) {
      context.runOnContext(v -> store.get(key).filter(Stored::deleting).ifPresent(this::empty));
    }
  }

  private void empty(Stored namespace) {
    if (!store.writable()) {
      // All are looked at again once it is.
      return;
    }
    var content = store.inNamespace(namespace.key().name());
    for (Stored stored : content) {
      if (!stored.deleting() && store.get(stored.key()).isPresent()) {
        deletion.delete(stored.key(), Deletion.Options.BACKGROUND);
      }
    }
    if (content.isEmpty()) {
      ObjectNode next = namespace.copy();
      next.withObjectProperty("spec").remove("finalizers");
      writer.finish(namespace, next, AS_CONTROLLER);
    }
  }
}

package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import mooring.local.kubernetes.ResourceType.Trait;
import mooring.local.kubernetes.StatusException.Cause;

/** Creates and changes objects: everything between a request's body and the store. */
final class ResourceWriter {
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;

  private final ObjectStore store;
  private final Defaults defaults = new Defaults();
  private final ServiceAllocator services;
  private final RandomGenerator random = RandomGenerator.getDefault();

  ResourceWriter(ObjectStore store) {
    this.store = store;
    this.services = new ServiceAllocator(store);
  }

  /**
   * Stores a new object.
   *
   * @param object becomes the writer's
   */
  Stored create(ResourceType type, String namespace, ObjectNode object, WriteOptions options) {
    identify(type, namespace, object);
    String name = Meta.name(object);
    checkNamespace(type, namespace, name);
    checkNew(object);
    Validation.name(type, name);
    ObjectKey key = new ObjectKey(type, namespace, name);
    if (store.get(key).isPresent()) {
      throw StatusException.alreadyExists(type, name);
    }
    ObjectNode meta = Meta.of(object);
    meta.remove(List.of("uid", "creationTimestamp", "deletionTimestamp", "generation", "selfLink"));
    if (type.has(Trait.STATUS)) {
      object.remove("status");
    }
    defaults.fill(type, object);
    Validation.object(type, null, object);
    new FieldOwnership(type).update(Json.object(), object, options.manager());
    return complete(key, object, options);
  }

  /** Stores an object that an apply found absent; its field ownership is already written. */
  private Stored createApplied(ObjectKey key, ObjectNode object, WriteOptions options) {
    identify(key.type(), key.namespace(), object);
    checkNamespace(key.type(), key.namespace(), key.name());
    Validation.name(key.type(), key.name());
    defaults.fill(key.type(), object);
    Validation.object(key.type(), null, object);
    return complete(key, object, options);
  }

  private Stored complete(ObjectKey key, ObjectNode object, WriteOptions options) {
    ObjectNode meta = Meta.of(object);
    meta.put("uid", UUID.randomUUID().toString());
    meta.put("creationTimestamp", Meta.now());
    if (key.type().has(Trait.GENERATION)) {
      meta.put("generation", 1);
    }
    if (key.type().equals(ResourceTypes.SERVICE)) {
      services.allocate(null, object);
    }
    defaults.initialize(key.type(), object);
    return put(key, object, options);
  }

  /**
   * Replaces an object.
   *
   * @param next the whole object as wanted; becomes the writer's
   */
  Stored replace(Stored live, ObjectNode next, WriteOptions options) {
    ResourceType type = live.key().type();
    identify(type, live.key().namespace(), next);
    checkVersion(live, next);
    isolate(type, live.json(), next, options.status());
    pin(live.json(), next);
    defaults.fill(type, next);
    if (type.equals(ResourceTypes.SERVICE)) {
      services.allocate(live.json(), next);
    }
    Validation.object(type, live.json(), next);
    new FieldOwnership(type).update(live.json(), next, options.manager());
    return finish(live, next, options);
  }

  /** Server-side apply; the object is created when {@code live} is null. */
  Stored apply(ObjectKey key, Stored live, ObjectNode config, WriteOptions options) {
    ResourceType type = key.type();
    if (live == null && options.status()) {
      throw StatusException.notFound(type, key.name());
    }
    identify(type, key.namespace(), config);
    if (live != null) {
      checkVersion(live, config);
    }
    String uid = Meta.uid(config);
    if (live == null && !uid.isEmpty()) {
      String why =
          "uid mismatch: the provided object specified uid %s, and no existing object was found";
      throw StatusException.conflict(type, key.name(), why.formatted(uid));
    }
    if (live == null && type.equals(ResourceTypes.SERVICE)) {
      checkNew(config);
    }
    ObjectNode wanted = options.status() ? statusOnly(config) : withoutStatus(type, config);
    ObjectNode stored = live == null ? Json.object() : live.json();
    ObjectNode next =
        new FieldOwnership(type).apply(stored, wanted, options.manager(), options.force());
    if (live == null) {
      return createApplied(key, next, options);
    }
    pin(live.json(), next);
    defaults.fill(type, next);
    if (type.equals(ResourceTypes.SERVICE)) {
      services.allocate(live.json(), next);
    }
    Validation.object(type, live.json(), next);
    return finish(live, next, options);
  }

  /** Stores what has changed; removes the object once nothing holds up its deletion any more. */
  Stored finish(Stored live, ObjectNode next, WriteOptions options) {
    ObjectKey key = live.key();
    Meta.of(next).put("resourceVersion", Long.toString(live.version()));
    if (key.type().has(Trait.GENERATION)
        && !wanted(key.type(), next).equals(wanted(key.type(), live.json()))) {
      Meta.bumpGeneration(next);
    }
    if (Meta.deleting(next) && !Deletion.held(key.type(), next)) {
      return options.dryRun() ? live : store.remove(key, next);
    }
    return next.equals(live.json()) ? live : put(key, next, options);
  }

  private Stored put(ObjectKey key, ObjectNode object, WriteOptions options) {
    if (options.dryRun()) {
      return new Stored(key, 0, object, Json.buffer(object));
    }
    return store.put(key, object);
  }

  private void identify(ResourceType type, String namespace, ObjectNode object) {
    object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
    ObjectNode meta = Meta.of(object);
    String given = meta.path("namespace").asText("");
    if (!given.isEmpty() && !given.equals(namespace)) {
      throw StatusException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    if (type.namespaced()) {
      meta.put("namespace", namespace);
    }
    String prefix = meta.path("generateName").asText("");
    if (Meta.name(object).isEmpty() && !prefix.isEmpty()) {
      meta.put("name", prefix + suffix());
    }
  }

  private String suffix() {
    StringBuilder suffix = new StringBuilder();
    random
        .ints(SUFFIX_LENGTH, 0, SUFFIX_LETTERS.length())
        .forEach(i -> suffix.append(SUFFIX_LETTERS.charAt(i)));
    return suffix.toString();
  }

  private void checkNamespace(ResourceType type, String namespace, String name) {
    if (!type.namespaced()) {
      return;
    }
    Stored found =
        store
            .get(new ObjectKey(ResourceTypes.NAMESPACE, "", namespace))
            .orElseThrow(() -> StatusException.notFound(ResourceTypes.NAMESPACE, namespace));
    if (found.deleting()) {
      throw StatusException.forbidden(
          type,
          name,
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated");
    }
  }

  /** An apply that creates is not held to this, except of a Service, as by Kubernetes 1.20. */
  private static void checkNew(ObjectNode object) {
    if (!Meta.resourceVersion(object).isEmpty()) {
      throw StatusException.internal("resourceVersion should not be set on objects to be created");
    }
  }

  private static void checkVersion(Stored live, ObjectNode next) {
    ResourceType type = live.key().type();
    String name = live.key().name();
    String uid = Meta.uid(next);
    if (!uid.isEmpty() && !uid.equals(live.uid())) {
      String why =
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + live.uid();
      throw StatusException.conflict(type, name, why);
    }
    String version = Meta.resourceVersion(next);
    if (!version.isEmpty()
        && !version.equals("0")
        && !version.equals(Long.toString(live.version()))) {
      throw StatusException.modified(type, name);
    }
  }

  /** A PUT of some types must name the version it replaces. */
  static void requireVersion(ObjectKey key, ObjectNode next) {
    ResourceType type = key.type();
    if (type.has(Trait.VERSIONED_PUT) && Meta.resourceVersion(next).isEmpty()) {
      ObjectNode details = StatusException.details(type, key.name());
      throw StatusException.invalid(
          type.qualifiedPlural() + " \"" + key.name() + "\"",
          details,
          Cause.invalid("metadata.resourceVersion", "0x0", "must be specified for an update"));
    }
  }

  /** Status is written through its subresource alone, and nothing else through that. */
  private static void isolate(
      ResourceType type, ObjectNode live, ObjectNode next, boolean statusWrite) {
    if (!type.has(Trait.STATUS)) {
      return;
    }
    JsonNode status = (statusWrite ? next : live).get("status");
    if (statusWrite) {
      JsonNode meta = next.get("metadata");
      next.removeAll();
      next.setAll(live.deepCopy());
      if (!type.has(Trait.CUSTOM)) {
        next.set("metadata", meta);
      }
    }
    if (status == null) {
      next.remove("status");
    } else {
      next.set("status", status.deepCopy());
    }
  }

  private static ObjectNode statusOnly(ObjectNode config) {
    ObjectNode only = config.deepCopy();
    only.retain("apiVersion", "kind", "metadata", "status");
    Meta.of(only).retain("name", "namespace");
    return only;
  }

  private static ObjectNode withoutStatus(ResourceType type, ObjectNode config) {
    ObjectNode copy = config.deepCopy();
    if (type.has(Trait.STATUS)) {
      copy.remove("status");
    }
    return copy;
  }

  /** What no writer may change keeps its value. */
  private static void pin(ObjectNode live, ObjectNode next) {
    ObjectNode meta = Meta.of(next);
    for (String field :
        List.of(
            "name",
            "namespace",
            "uid",
            "creationTimestamp",
            "generation",
            "generateName",
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds")) {
      JsonNode value = live.path("metadata").get(field);
      if (value == null) {
        meta.remove(field);
      } else {
        meta.set(field, value);
      }
    }
    for (String field : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
      if (meta.path(field).isNull() || (meta.has(field) && meta.get(field).isEmpty())) {
        meta.remove(field);
      }
    }
  }

  private static ObjectNode wanted(ResourceType type, ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove("metadata");
    if (type.has(Trait.STATUS)) {
      copy.remove("status");
    }
    return copy;
  }
}

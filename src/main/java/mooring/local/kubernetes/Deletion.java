package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Deletes objects: at once, or by marking them while finalizers hold them. */
final class Deletion {
  private final ObjectStore store;

  /**
   * What a delete asks for, from DeleteOptions or the query.
   *
   * @param propagation {@code Foreground}, {@code Background}, {@code Orphan} or empty
   * @param uid precondition, empty for none
   * @param resourceVersion precondition, empty for none
   * @param graceSeconds how long a Pod may take to end, unless it says so itself
   */
  record Options(
      String propagation,
      String uid,
      String resourceVersion,
      OptionalInt graceSeconds,
      boolean dryRun) {
    static final Options BACKGROUND = of("Background");
    static final Options FOREGROUND = of("Foreground");

    private static Options of(String propagation) {
      return new Options(propagation, "", "", OptionalInt.empty(), false);
    }

    static Options of(JsonNode body, String queryPropagation, String queryGrace, boolean dryRun) {
      String propagation = body.path("propagationPolicy").asText(queryPropagation);
      if (body.has("orphanDependents")) {
        propagation = body.path("orphanDependents").asBoolean() ? "Orphan" : "Background";
      }
      if (!List.of("", "Foreground", "Background", "Orphan").contains(propagation)) {
        throw StatusException.badRequest("invalid propagationPolicy: " + propagation);
      }
      JsonNode preconditions = body.path("preconditions");
      return new Options(
          propagation,
          preconditions.path("uid").asText(""),
          preconditions.path("resourceVersion").asText(""),
          grace(body.path("gracePeriodSeconds").asText(queryGrace)),
          dryRun || !body.path("dryRun").isEmpty());
    }

    private static OptionalInt grace(String seconds) {
      try {
        return seconds.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(seconds));
      } catch (NumberFormatException e) {
        throw StatusException.badRequest("invalid gracePeriodSeconds: " + seconds);
      }
    }
  }

  /**
   * How a delete ended.
   *
   * @param gone whether the object is removed, not only marked
   */
  record Outcome(Stored object, boolean gone) {}

  Deletion(ObjectStore store) {
    this.store = store;
  }

  /** Whether an object that is being deleted has to stay for now. */
  static boolean held(ResourceType type, ObjectNode object) {
    return finalized(type, object) || PodEnd.isAwaited(type, object);
  }

  private static boolean finalized(ResourceType type, ObjectNode object) {
    boolean namespaceHeld =
        type.equals(ResourceTypes.NAMESPACE) && !object.at("/spec/finalizers").isEmpty();
    return namespaceHeld || !Meta.finalizers(object).isEmpty();
  }

  Outcome delete(ObjectKey key, Options options) {
    Stored live =
        store.get(key).orElseThrow(() -> StatusException.notFound(key.type(), key.name()));
    check(live, options);
    ObjectNode next = live.copy();
    propagate(next, options.propagation());
    int grace = PodEnd.graceSeconds(live, options.graceSeconds());
    if (grace == 0 && !finalized(key.type(), next)) {
      return new Outcome(options.dryRun() ? live : store.remove(key, next), true);
    }
    if (!live.deleting() || grace < Meta.of(next).path("deletionGracePeriodSeconds").asInt()) {
      Meta.of(next)
          .put("deletionTimestamp", Meta.inSeconds(grace))
          .put("deletionGracePeriodSeconds", grace);
    }
    if (!live.deleting()) {
      Meta.bumpGeneration(next);
      if (key.type().equals(ResourceTypes.NAMESPACE)) {
        next.withObjectProperty("status").put("phase", "Terminating");
      }
    }
    boolean same = next.equals(live.json()) || options.dryRun();
    return new Outcome(same ? live : store.put(key, next), false);
  }

  private static void check(Stored live, Options options) {
    ResourceType type = live.key().type();
    String name = live.key().name();
    if (type.equals(ResourceTypes.NAMESPACE) && name.equals("default")) {
      throw StatusException.forbidden(type, name, "this namespace may not be deleted");
    }
    if (!options.uid().isEmpty() && !options.uid().equals(live.uid())) {
      throw StatusException.conflict(
          type,
          name,
          "the UID in the precondition ("
              + options.uid()
              + ") does not match the UID in record ("
              + live.uid()
              + "). The object might have been deleted and then recreated");
    }
    String version = Long.toString(live.version());
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
      throw StatusException.conflict(
          type,
          name,
          "the ResourceVersion in the precondition ("
              + options.resourceVersion()
              + ") does not match the ResourceVersion in record ("
              + version
              + "). The object might have been modified");
    }
  }

  /** A propagation policy is kept as a finalizer that the garbage collector takes away. */
  private static void propagate(ObjectNode object, String propagation) {
    if (propagation.isEmpty()) {
      return;
    }
    List<String> finalizers = new ArrayList<>(Meta.finalizers(object));
    finalizers.removeAll(List.of(Meta.FOREGROUND, Meta.ORPHAN));
    if (propagation.equals("Foreground")) {
      finalizers.add(Meta.FOREGROUND);
    } else if (propagation.equals("Orphan")) {
      finalizers.add(Meta.ORPHAN);
    }
    Meta.finalizers(object, finalizers);
  }
}

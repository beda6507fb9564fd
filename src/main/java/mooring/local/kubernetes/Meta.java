package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Reading and writing {@code metadata}. */
final class Meta {
  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  /**
   * A reference to an owner.
   *
   * @param blocks whether the owner's foreground deletion waits for the dependent
   */
  record Owner(String apiVersion, String kind, String name, String uid, boolean blocks) {}

  private Meta() {}

  static ObjectNode of(ObjectNode object) {
    return object.withObjectProperty("metadata");
  }

  static String text(ObjectNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  static String name(ObjectNode object) {
    return text(object, "name");
  }

  static String uid(ObjectNode object) {
    return text(object, "uid");
  }

  static String resourceVersion(ObjectNode object) {
    return text(object, "resourceVersion");
  }

  static boolean deleting(ObjectNode object) {
    return object.path("metadata").path("deletionTimestamp").isTextual();
  }

  static List<String> finalizers(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.path("metadata").path("finalizers").forEach(f -> names.add(f.asText()));
    return names;
  }

  /** Replaces the finalizers; an empty list leaves none behind. */
  static void finalizers(ObjectNode object, List<String> names) {
    ObjectNode meta = of(object);
    if (names.isEmpty()) {
      meta.remove("finalizers");
      return;
    }
    ArrayNode array = meta.putArray("finalizers");
    names.forEach(array::add);
  }

  static List<Owner> owners(ObjectNode object) {
    List<Owner> owners = new ArrayList<>();
    for (JsonNode o : object.path("metadata").path("ownerReferences")) {
      owners.add(
          new Owner(
              o.path("apiVersion").asText(""),
              o.path("kind").asText(""),
              o.path("name").asText(""),
              o.path("uid").asText(""),
              o.path("blockOwnerDeletion").asBoolean()));
    }
    return owners;
  }

  /** Removes the references to the owners of these uids. */
  static void dropOwners(ObjectNode object, List<String> uids) {
    ObjectNode meta = of(object);
    ArrayNode kept = Json.array();
    meta.path("ownerReferences")
        .forEach(
            o -> {
              if (!uids.contains(o.path("uid").asText())) {
                kept.add(o);
              }
            });
    if (kept.isEmpty()) {
      meta.remove("ownerReferences");
    } else {
      meta.set("ownerReferences", kept);
    }
  }

  static void bumpGeneration(ObjectNode object) {
    ObjectNode meta = of(object);
    if (meta.has("generation")) {
      // The int overload: trees read from JSON hold ints, and 1 as a long would not be equal.
      meta.put("generation", meta.path("generation").asInt() + 1);
    }
  }

  /** The present moment as the API writes it, whole seconds. */
  static String now() {
    return inSeconds(0);
  }

  static String inSeconds(int seconds) {
    return Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

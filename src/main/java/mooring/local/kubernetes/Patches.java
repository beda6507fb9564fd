package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.CompatibilityFlags;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.io.IOException;
import java.util.EnumSet;
import mooring.local.kubernetes.ResourceType.Trait;

/** Turns an object and a patch into the object that is wanted. */
final class Patches {
  static final String JSON_PATCH = "application/json-patch+json";
  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private static final EnumSet<CompatibilityFlags> STRICT =
      EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT);

  private Patches() {}

  /** Whether the type takes patches of this media type; custom resources have no strategic one. */
  static void check(ResourceType type, String mediaType) {
    boolean custom = type.has(Trait.CUSTOM);
    switch (mediaType) {
      case JSON_PATCH, MERGE, APPLY -> {}
      case STRATEGIC -> {
        if (custom) {
          throw StatusException.unsupportedMediaType(JSON_PATCH, MERGE, APPLY);
        }
      }
      default ->
          throw new StatusException(
              415, "UnsupportedMediaType", "415: Unsupported Media Type", Json.object());
    }
  }

  /**
   * Applies a patch that is no server-side apply.
   *
   * @param target stays as it is
   */
  static ObjectNode patched(ResourceType type, ObjectNode target, String mediaType, byte[] body) {
    JsonNode patch = read(body);
    JsonNode result =
        switch (mediaType) {
          case JSON_PATCH -> jsonPatch(target, patch);
          case MERGE -> merge(target.deepCopy(), requireObject(patch));
          default ->
              new StrategicMerge(new Structure(type))
                  .merge(target.deepCopy(), requireObject(patch));
        };
    if (result instanceof ObjectNode object) {
      return object;
    }
    throw StatusException.rejected();
  }

  private static JsonNode read(byte[] body) {
    try {
      return Json.read(body);
    } catch (IOException e) {
      throw StatusException.badRequest(e.getMessage());
    }
  }

  private static ObjectNode requireObject(JsonNode patch) {
    if (patch instanceof ObjectNode object) {
      return object;
    }
    throw StatusException.badRequest("a merge patch is a JSON object");
  }

  private static JsonNode jsonPatch(ObjectNode target, JsonNode patch) {
    if (!(patch instanceof ArrayNode)) {
      throw StatusException.badRequest("a JSON patch is an array of operations");
    }
    try {
      return JsonPatch.apply(patch, target.deepCopy(), STRICT);
    } catch (JsonPatchException e) {
      throw StatusException.rejected();
    }
  }

  /** RFC 7396: null removes, objects merge, everything else replaces. */
  static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode result = target instanceof ObjectNode object ? object : Json.object();
    patch
        .properties()
        .forEach(
            e -> {
              if (e.getValue().isNull()) {
                result.remove(e.getKey());
              } else {
                result.set(e.getKey(), merge(result.get(e.getKey()), e.getValue()));
              }
            });
    return result;
  }
}

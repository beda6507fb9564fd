package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Strategic merge patch of built-in types: a merge patch in which lists with identities merge item
 * by item. Knows the directives {@code $patch} (delete, replace), {@code $deleteFromPrimitiveList/}
 * and {@code $retainKeys}; the order directive is read over.
 */
final class StrategicMerge {
  private static final String PATCH = "$patch";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";

  private final Structure structure;

  StrategicMerge(Structure structure) {
    this.structure = structure;
  }

  ObjectNode merge(ObjectNode target, ObjectNode patch) {
    return merge("", target, patch);
  }

  private ObjectNode merge(String path, ObjectNode target, ObjectNode patch) {
    if (patch.path(PATCH).asText().equals("replace")) {
      ObjectNode replacement = patch.deepCopy();
      replacement.remove(PATCH);
      return replacement;
    }
    if (patch.has("$retainKeys")) {
      List<String> keys = new ArrayList<>();
      patch.get("$retainKeys").forEach(k -> keys.add(k.asText()));
      target.retain(keys);
    }
    patch.properties().forEach(e -> mergeField(path, target, e.getKey(), e.getValue()));
    return target;
  }

  private void mergeField(String path, ObjectNode target, String field, JsonNode value) {
    if (field.startsWith(DELETE_FROM)) {
      deleteFrom(target.path(field.substring(DELETE_FROM.length())), value);
      return;
    }
    if (field.startsWith("$")) {
      return;
    }
    String at = path + "." + field;
    JsonNode old = target.get(field);
    if (value.isNull() || value.path(PATCH).asText().equals("delete")) {
      target.remove(field);
    } else if (value instanceof ObjectNode object) {
      target.set(field, merge(at, old instanceof ObjectNode o ? o : Json.object(), object));
    } else if (value instanceof ArrayNode array && !structure.list(at).atomic()) {
      target.set(field, mergeList(at, old instanceof ArrayNode o ? o : Json.array(), array));
    } else {
      target.set(field, value.deepCopy());
    }
  }

  private static void deleteFrom(JsonNode list, JsonNode values) {
    if (list instanceof ArrayNode array) {
      List<JsonNode> gone = new ArrayList<>();
      values.forEach(gone::add);
      for (int i = array.size() - 1; i >= 0; i--) {
        if (gone.contains(array.get(i))) {
          array.remove(i);
        }
      }
    }
  }

  private ArrayNode mergeList(String path, ArrayNode target, ArrayNode patch) {
    List<String> keys = structure.list(path).keys();
    for (JsonNode item : patch) {
      if (item.path(PATCH).asText().equals("replace")) {
        ArrayNode replaced = Json.array();
        patch.forEach(i -> addUnlessDirective(replaced, i));
        return replaced;
      }
      if (keys.isEmpty()) {
        addMissing(target, item);
      } else {
        // The patch names an item by the first key alone; the others may be left to their default.
        mergeItem(path, target, keys.get(0), item);
      }
    }
    return target;
  }

  private static void addUnlessDirective(ArrayNode list, JsonNode item) {
    if (!item.has(PATCH)) {
      list.add(item.deepCopy());
    }
  }

  private static void addMissing(ArrayNode target, JsonNode item) {
    for (JsonNode old : target) {
      if (old.equals(item)) {
        return;
      }
    }
    target.add(item);
  }

  private void mergeItem(String path, ArrayNode target, String key, JsonNode item) {
    boolean delete = item.path(PATCH).asText().equals("delete");
    for (int i = 0; i < target.size(); i++) {
      if (target.get(i).path(key).equals(item.path(key))) {
        if (delete) {
          target.remove(i);
        } else {
          merge(path, (ObjectNode) target.get(i), (ObjectNode) item);
        }
        return;
      }
    }
    if (!delete) {
      target.add(item.deepCopy());
    }
  }
}

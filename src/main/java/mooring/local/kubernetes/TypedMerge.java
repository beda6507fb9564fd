package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Server-side apply's view of objects: their fields, merging two, and taking fields out. */
final class TypedMerge {
  private final Structure structure;

  TypedMerge(Structure structure) {
    this.structure = structure;
  }

  /** The fields that a configuration names. */
  FieldSet fields(ObjectNode config) {
    FieldSet set = new FieldSet();
    fields("", config, set);
    return set;
  }

  private void fields(String path, JsonNode value, FieldSet into) {
    if (descends(path, value)) {
      value
          .properties()
          .forEach(e -> field(path + "." + e.getKey(), e.getValue(), into.at("f:" + e.getKey())));
    } else if (value.isArray() && !value.isEmpty() && !structure.list(path).atomic()) {
      items(path, value)
          .forEach(
              (element, item) -> {
                FieldSet at = into.at(element);
                at.insert();
                if (item.isObject()) {
                  fields(path, item, at);
                }
              });
    } else if (!value.isObject() || structure.atomicMap(path)) {
      // An empty object names no field, so that nobody comes to own it.
      into.insert();
    }
  }

  private void field(String path, JsonNode value, FieldSet into) {
    if (structure.deduced() && !structure.everPresent(path)) {
      into.insert();
    }
    fields(path, value, into);
  }

  /** The object with a configuration laid over it. */
  ObjectNode merge(ObjectNode live, ObjectNode config) {
    return (ObjectNode) merge("", live, config);
  }

  private JsonNode merge(String path, JsonNode live, JsonNode config) {
    if (live != null && live.isObject() && config.isObject() && !structure.atomicMap(path)) {
      ObjectNode result = live.deepCopy();
      config
          .properties()
          .forEach(
              e -> {
                String key = e.getKey();
                result.set(key, merge(path + "." + key, live.get(key), e.getValue()));
              });
      return result;
    }
    if (config.isArray() && live != null && live.isArray() && !structure.list(path).atomic()) {
      Map<String, JsonNode> result = items(path, live);
      items(path, config)
          .forEach((element, item) -> result.merge(element, item, (a, b) -> merge(path, a, b)));
      ArrayNode array = Json.array();
      result.values().forEach(array::add);
      return array;
    }
    return config.deepCopy();
  }

  /**
   * Takes out the fields of a set, and what it empties, unless the rest that somebody owns stands
   * in the way.
   *
   * @param owned the fields that stay
   */
  void remove(ObjectNode object, FieldSet gone, FieldSet owned) {
    remove("", object, gone, owned);
  }

  private void remove(String path, JsonNode value, FieldSet gone, FieldSet owned) {
    if (value instanceof ObjectNode object) {
      removeFields(path, object, gone, owned);
    } else if (value instanceof ArrayNode array && !structure.list(path).atomic()) {
      Map<String, JsonNode> items = items(path, array);
      array.removeAll();
      items.forEach(
          (element, item) -> {
            if (!vanishes(path, item, gone.under(element), owned.under(element))) {
              array.add(item);
            }
          });
    }
  }

  private void removeFields(String path, ObjectNode object, FieldSet gone, FieldSet owned) {
    object
        .properties()
        .removeIf(
            e -> {
              String element = "f:" + e.getKey();
              String at = path + "." + e.getKey();
              return vanishes(at, e.getValue(), gone.under(element), owned.under(element));
            });
  }

  private boolean vanishes(String path, JsonNode value, FieldSet gone, FieldSet owned) {
    if (gone.isEmpty()) {
      return false;
    }
    if (gone.member() && owned.isEmpty()) {
      return true;
    }
    boolean hadContent = !value.isEmpty();
    remove(path, value, gone, owned);
    return hadContent && value.isEmpty() && owned.isEmpty() && !structure.everPresent(path);
  }

  /** The items of a list that has identities, in order. */
  Map<String, JsonNode> items(String path, JsonNode list) {
    ListKind kind = structure.list(path);
    Map<String, JsonNode> items = new LinkedHashMap<>();
    int index = 0;
    for (JsonNode item : list) {
      String element = kind.element(path, index, item);
      items.put(element, item);
      index++;
    }
    return items;
  }

  /** Whether the value's fields are owned one by one. */
  boolean descends(String path, JsonNode value) {
    return value != null && value.isObject() && !value.isEmpty() && !structure.atomicMap(path);
  }
}

package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What differs between two states of an object.
 *
 * @param changed fields added or given another value
 * @param removed fields that are gone
 */
record Comparison(FieldSet changed, FieldSet removed) {

  static Comparison of(ResourceType type, ObjectNode before, ObjectNode after) {
    Comparison result = new Comparison(new FieldSet(), new FieldSet());
    Structure structure = new Structure(type);
    Walk walk = new Walk(structure, new TypedMerge(structure));
    walk.compare("", before, after, result);
    return result;
  }

  private Comparison at(String element) {
    return new Comparison(changed.at(element), removed.at(element));
  }

  private record Walk(Structure structure, TypedMerge typed) {

    void compare(String path, JsonNode before, JsonNode after, Comparison out) {
      if (before != null && before.equals(after)) {
        return;
      }
      if (isMap(path, before) || isMap(path, after)) {
        compareMaps(path, before, after, out);
      } else if (isKeyedList(path, before) || isKeyedList(path, after)) {
        compareLists(path, before, after, out);
      } else {
        mark(before, after, out);
      }
    }

    private boolean isMap(String path, JsonNode value) {
      return path.isEmpty() || typed.descends(path, value);
    }

    private boolean isKeyedList(String path, JsonNode value) {
      return value != null && value.isArray() && !value.isEmpty() && !structure.list(path).atomic();
    }

    private void compareMaps(String path, JsonNode before, JsonNode after, Comparison out) {
      if (comesOrGoes(before, after) && !structure.everPresent(path)) {
        mark(before, after, out);
      }
      Set<String> names = new LinkedHashSet<>();
      names(before, names);
      names(after, names);
      for (String name : names) {
        JsonNode old = before == null ? null : before.get(name);
        JsonNode now = after == null ? null : after.get(name);
        compare(path + "." + name, old, now, out.at("f:" + name));
      }
    }

    private void compareLists(String path, JsonNode before, JsonNode after, Comparison out) {
      if (comesOrGoes(before, after)) {
        mark(before, after, out);
      }
      Map<String, JsonNode> olds = items(path, before);
      Map<String, JsonNode> news = items(path, after);
      Set<String> elements = new LinkedHashSet<>(olds.keySet());
      elements.addAll(news.keySet());
      for (String element : elements) {
        compareItems(path, olds.get(element), news.get(element), out.at(element));
      }
    }

    private void compareItems(String path, JsonNode before, JsonNode after, Comparison out) {
      if (before != null && before.equals(after)) {
        return;
      }
      JsonNode some = after == null ? before : after;
      if (some.isObject()) {
        compareMaps(path, before, after, out);
      } else {
        mark(before, after, out);
      }
    }

    private static boolean comesOrGoes(JsonNode before, JsonNode after) {
      return before == null || after == null;
    }

    private static void mark(JsonNode before, JsonNode after, Comparison out) {
      if (after == null) {
        out.removed.insert();
      } else if (!after.equals(before)) {
        out.changed.insert();
      }
    }

    private static void names(JsonNode value, Set<String> into) {
      if (value != null && value.isObject()) {
        value.fieldNames().forEachRemaining(into::add);
      }
    }

    private Map<String, JsonNode> items(String path, JsonNode value) {
      return value == null || !value.isArray() ? Map.of() : typed.items(path, value);
    }
  }
}

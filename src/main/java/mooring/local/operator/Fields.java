package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads an untyped object's fields; what is absent or of another type counts as absent. */
record Fields(GenericKubernetesResource object) {

  String text(String fallback, Object... path) {
    Object value = object.get(path);
    return value instanceof String text && !text.isEmpty() ? text : fallback;
  }

  int number(int fallback, Object... path) {
    Object value = object.get(path);
    return value instanceof Number number ? number.intValue() : fallback;
  }

  boolean flag(Object... path) {
    return Boolean.TRUE.equals(object.get(path));
  }

  List<String> texts(Object... path) {
    Object value = object.get(path);
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  Map<String, String> map(Object... path) {
    Map<String, String> result = new TreeMap<>();
    if (object.get(path) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> result.put(String.valueOf(name), String.valueOf(value)));
    }
    return result;
  }
}

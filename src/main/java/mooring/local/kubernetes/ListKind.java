package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a list merges.
 *
 * @param keys the fields that identify an item, in alphabetic order; empty for a set of scalars
 */
record ListKind(boolean atomic, List<String> keys) {
  static final ListKind ATOMIC = new ListKind(true, List.of());
  static final ListKind SET = new ListKind(false, List.of());

  static ListKind keyed(String... keys) {
    return new ListKind(false, List.of(keys));
  }

  /**
   * The path element of an item.
   *
   * @throws StatusException when the item lacks one of its keys
   */
  String element(String path, int index, JsonNode item) {
    if (keys.isEmpty()) {
      return "v:" + json(item);
    }
    ObjectNode key = Json.object();
    for (String field : keys) {
      if (!item.has(field)) {
        throw StatusException.internal(
            String.format(
                "failed to create typed patch object: %s: element %d: associative list with keys"
                    + " has an element that omits key field \"%s\" (and doesn't have default"
                    + " value)",
                path, index, field));
      }
      key.set(field, item.get(field));
    }
    return "k:" + json(key);
  }

  /** An element as it is written in messages: {@code .name}, {@code [name="x"]}. */
  static String readable(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'k' -> "[" + keysOf(rest) + "]";
      case 'v' -> "[=" + rest + "]";
      default -> "." + rest;
    };
  }

  private static String keysOf(String json) {
    try {
      return Json.read(json.getBytes(StandardCharsets.UTF_8)).properties().stream()
          .map(e -> e.getKey() + "=" + e.getValue())
          .collect(Collectors.joining(","));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String json(JsonNode node) {
    return new String(Json.bytes(node), StandardCharsets.UTF_8);
  }
}

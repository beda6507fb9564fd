package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import mooring.local.kubernetes.ResourceType.Column;

/** Objects as rows, the form that {@code kubectl get} prints. */
final class Tables {
  private final ResourceType type;

  Tables(ResourceType type) {
    this.type = type;
  }

  /**
   * @param includeObject {@code None}, {@code Metadata} (also when empty) or {@code Object}
   */
  ObjectNode table(List<Stored> objects, ObjectNode metadata, String includeObject) {
    ObjectNode table = empty(metadata, true);
    objects.forEach(o -> addRow(table, o, includeObject));
    return table;
  }

  /** A table of one, as a watch sends it; only the first states the columns. */
  ObjectNode row(Stored object, boolean first, String includeObject) {
    ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(object.version()));
    ObjectNode table = empty(metadata, first);
    addRow(table, object, includeObject);
    return table;
  }

  private ObjectNode empty(ObjectNode metadata, boolean columns) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", metadata);
    ArrayNode definitions = table.putArray("columnDefinitions");
    if (columns) {
      define(definitions, "Name", "string", "name");
      type.columns().forEach(c -> define(definitions, c.name(), c.type(), ""));
      define(definitions, "Age", "string", "");
    }
    table.putArray("rows");
    return table;
  }

  private static void define(ArrayNode into, String name, String type, String format) {
    into.addObject()
        .put("name", name)
        .put("type", type)
        .put("format", format)
        .put("description", name)
        .put("priority", 0);
  }

  private void addRow(ObjectNode table, Stored object, String includeObject) {
    ObjectNode row = ((ArrayNode) table.get("rows")).addObject();
    ArrayNode cells = row.putArray("cells").add(object.key().name());
    for (Column column : type.columns()) {
      cells.add(cell(column.value().apply(object.json())));
    }
    cells.add(age(Meta.text(object.json(), "creationTimestamp")));
    if (includeObject.equals("Object")) {
      row.set("object", object.json());
    } else if (!includeObject.equals("None")) {
      ObjectNode partial =
          row.putObject("object")
              .put("kind", "PartialObjectMetadata")
              .put("apiVersion", "meta.k8s.io/v1");
      partial.set("metadata", object.json().path("metadata"));
    }
  }

  private static JsonNode cell(JsonNode value) {
    return value.isMissingNode() ? TextNode.valueOf("") : value;
  }

  private static String age(String created) {
    try {
      Duration age = Duration.between(Instant.parse(created), Instant.now());
      if (age.toMinutes() < 2) {
        return Math.max(0, age.toSeconds()) + "s";
      }
      if (age.toHours() < 3) {
        return age.toMinutes() + "m";
      }
      return age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
    } catch (DateTimeParseException e) {
      return "<unknown>";
    }
  }
}

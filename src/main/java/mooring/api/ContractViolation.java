package mooring.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says in one sentence what is wrong with a request body. The validator finds the place; the words
 * come from the contract's schema there, because the validator's own are for schema authors.
 */
final class ContractViolation {
  /** Says in words what a pattern or a format asks for. */
  private static final String RULE = "x-must";

  private static final Set<String> COMPOUND = Set.of("$ref", "properties", "items");

  private final JsonObject schema;
  private final Object sent;

  ContractViolation(Operation operation, Object sent) {
    this.schema =
        operation
            .getRequestBody()
            .determineContentType("application/json")
            .getOpenAPIModel()
            .getJsonObject("schema");
    this.sent = sent;
  }

  /** The refusal of a body that breaks the schema. */
  Refusal refusal(OutputUnit found) {
    List<OutputUnit> errors = found.getErrors();
    return refusal(errors == null ? List.of() : errors);
  }

  private Refusal refusal(List<OutputUnit> errors) {
    Map<String, Refusal.Violation> violations = new LinkedHashMap<>();
    for (OutputUnit error : errors) {
      String keyword = keyword(error);
      List<String> path = path(error.getInstanceLocation());
      if (keyword.equals("type") && path.isEmpty()) {
        return Refusal.of(Fault.UNREADABLE_BODY, sentence(error, path));
      }
      if (keyword.equals("required")) {
        missing(path).forEach(field -> add(violations, field, field + " is required"));
      } else if (!COMPOUND.contains(keyword) && path.isEmpty()) {
        return Refusal.of(Fault.REFUSED_VALUE, sentence(error, path));
      } else if (!COMPOUND.contains(keyword)) {
        add(violations, name(path), sentence(error, path));
      }
    }
    return violations.isEmpty()
        ? Refusal.of(Fault.REFUSED_VALUE, "the request body is not as described")
        : Refusal.of(List.copyOf(violations.values()));
  }

  /** Of a field the first violation only: the others follow from it more often than not. */
  private static void add(Map<String, Refusal.Violation> violations, String field, String message) {
    violations.putIfAbsent(field, new Refusal.Violation(field, message));
  }

  private String sentence(OutputUnit error, List<String> path) {
    JsonObject at = schemaAt(path);
    String name = path.isEmpty() ? "the request body" : name(path);
    if (at == null) {
      return name + " is not allowed";
    }
    return switch (keyword(error)) {
      case "type" -> name + " must be " + article(at.getValue("type"));
      case "minimum", "maximum" ->
          name + " must be between " + at.getValue("minimum") + " and " + at.getValue("maximum");
      case "minLength", "maxLength" -> name + " must " + length(at);
      case "multipleOf" -> name + " must be a multiple of " + at.getValue("multipleOf");
      case "maxItems" -> name + " must have at most " + at.getValue("maxItems") + " elements";
      case "pattern", "format" ->
          name + (at.containsKey(RULE) ? " must " + at.getString(RULE) : " is not valid");
      case "enum" -> name + " must be one of " + listed(at.getJsonArray("enum"));
      default -> name + " is not valid";
    };
  }

  private static String length(JsonObject at) {
    int least = at.getInteger("minLength", 0);
    Integer most = at.getInteger("maxLength");
    if (most == null) {
      return least == 1 ? "not be empty" : "be at least " + least + " characters long";
    }
    String range = at.containsKey("minLength") ? least + " to " : "at most ";
    return "be " + range + most + " characters long";
  }

  /** The required properties that the object at a place lacks. */
  private List<String> missing(List<String> path) {
    Object value = valueAt(path);
    List<String> missing = new ArrayList<>();
    for (Object property : schemaAt(path).getJsonArray("required", new JsonArray())) {
      if (!(value instanceof JsonObject object) || !object.containsKey((String) property)) {
        missing.add(path.isEmpty() ? (String) property : name(path) + "." + property);
      }
    }
    return missing;
  }

  private Object valueAt(List<String> path) {
    Object value = sent;
    for (String step : path) {
      if (value instanceof JsonObject object) {
        value = object.getValue(step);
      } else if (value instanceof JsonArray array) {
        value = array.getValue(Integer.parseInt(step));
      }
    }
    return value;
  }

  private JsonObject schemaAt(List<String> path) {
    JsonObject at = schema;
    for (String step : path) {
      JsonObject properties = at.getJsonObject("properties");
      at = properties == null ? at.getJsonObject("items") : properties.getJsonObject(step);
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private static List<String> path(String instanceLocation) {
    String pointer = instanceLocation.startsWith("#") ? instanceLocation.substring(1) : "";
    return pointer.isEmpty() ? List.of() : List.of(pointer.substring(1).split("/"));
  }

  private static String name(List<String> path) {
    StringBuilder name = new StringBuilder(path.get(0));
    for (String step : path.subList(1, path.size())) {
      boolean index = step.chars().allMatch(Character::isDigit);
      name.append(index ? "[" + step + "]" : "." + step);
    }
    return name.toString();
  }

  private static String keyword(OutputUnit error) {
    String location = error.getKeywordLocation();
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private static String article(Object type) {
    String word = type instanceof JsonArray types ? types.getString(0) : String.valueOf(type);
    return ("aeiou".indexOf(word.charAt(0)) < 0 ? "a " : "an ") + word;
  }

  private static String listed(JsonArray values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}

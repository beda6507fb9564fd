package mooring.api.exoscale;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.Validator;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Collectors;

/** One setting: which values it takes, and what they become. */
final class ExoscaleSetting {
  /** Marks of our own in the schemas, which are not published. */
  static final String PRIVATE = "x-";

  private static final String PARAMETER = PRIVATE + "parameter";
  private static final String FORM = PRIVATE + "form";
  private static final String SINCE = PRIVATE + "since";
  private static final String ZONE = PRIVATE + "zone";
  private static final int BYTES_PER_KB = 1024;

  private final String key;
  private final String group;
  private final JsonObject schema;
  private final Validator validator;

  /**
   * @param group that it is stored in; null for none
   * @param schema of its values, with what it becomes
   */
  ExoscaleSetting(String key, String group, JsonObject schema) {
    this.key = key;
    this.group = group;
    this.schema = schema;
    this.validator =
        Validator.create(
            JsonSchema.of(published(schema)),
            new JsonSchemaOptions().setBaseUri("urn:mooring:settings").setDraft(Draft.DRAFT7));
  }

  String group() {
    return group;
  }

  /** A schema without what is ours. */
  static JsonObject published(JsonObject schema) {
    JsonObject published = schema.copy();
    published.fieldNames().removeIf(name -> name.startsWith(PRIVATE));
    return published;
  }

  /** What is wrong with a value in a server of this major version; empty when nothing is. */
  Optional<String> fault(Object value, int major) {
    int since = schema.getInteger(SINCE, 0);
    if (major < since) {
      return Optional.of(key + " needs PostgreSQL " + since + " or newer");
    }
    if (!validator.validate(value).getValid() || !whole(value)) {
      return Optional.of(key + " must be " + demand(schema));
    }
    return schema.getBoolean(ZONE, false) && !zone((String) value)
        ? Optional.of(key + " must be a known time zone like Europe/Zurich")
        : Optional.empty();
  }

  /** What is published ends with a dollar sign, which takes a line feed more for an end, too. */
  private boolean whole(Object value) {
    String pattern = schema.getString("pattern");
    return pattern == null || !(value instanceof String text) || text.matches(pattern);
  }

  /** A server that runs only logs that it knows none of that name; it would not start again. */
  private static boolean zone(String name) {
    return !name.startsWith("SystemV/") && ZoneId.getAvailableZoneIds().contains(name);
  }

  private static String demand(JsonObject schema) {
    JsonArray words = schema.getJsonArray("enum");
    if (words != null) {
      return "one of " + words.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
    return switch (schema.getString("type")) {
      case "boolean" -> "true or false";
      case "integer" -> "an integer" + range(schema);
      case "number" -> "a number" + range(schema);
      case "array" -> "a list, each " + demand(schema.getJsonObject("items"));
      default ->
          "at most "
              + schema.getInteger("maxLength")
              + " characters that match "
              + schema.getString("pattern");
    };
  }

  private static String range(JsonObject schema) {
    return schema.containsKey("minimum")
        ? " between " + schema.getValue("minimum") + " and " + schema.getValue("maximum")
        : "";
  }

  /** A valid value as clients read it back: an integer may come with a point or an exponent. */
  Object kept(Object value) {
    return "integer".equals(schema.getString("type"))
        ? (Object) ((Number) value).longValue()
        : value;
  }

  /** The server's or the pooler's parameter that it becomes; empty when it has no effect. */
  Optional<String> parameter() {
    return Optional.ofNullable(schema.getString(PARAMETER));
  }

  /** A valid value as that parameter's. */
  String written(Object value) {
    return switch (schema.getString(FORM, "")) {
      case "kB" -> value + "kB";
      case "bytes" -> ((Number) value).longValue() / BYTES_PER_KB + "kB";
      case "quoted" -> ((String) value).substring(1, ((String) value).length() - 1);
      case "digit" -> (Boolean) value ? "1" : "0";
      default -> plain(value);
    };
  }

  private static String plain(Object value) {
    if (value instanceof Boolean on) {
      return on ? "on" : "off";
    }
    if (value instanceof JsonArray list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value instanceof Number number
        ? new BigDecimal(number.toString()).toPlainString()
        : (String) value;
  }
}

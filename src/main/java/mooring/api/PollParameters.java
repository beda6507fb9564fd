package mooring.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the parameters of a poll as its contract describes them. Only what polls need is known
 * here: strings, booleans, and integers within bounds; a contract that asks for more is refused at
 * the start.
 */
final class PollParameters {
  /** In lower case; clients generated for Python write {@code True}. */
  private static final Map<String, Boolean> BOOLEANS = Map.of("true", true, "false", false);

  private final String idName;
  private final List<String> inPath = new ArrayList<>();
  private final Map<String, JsonObject> inQuery = new HashMap<>();

  PollParameters(Operation operation) {
    idName = Contract.idParameter(operation);
    for (Parameter parameter : operation.getParameters()) {
      JsonObject schema = parameter.getOpenAPIModel().getJsonObject("schema");
      if (parameter.getIn() == Location.PATH) {
        inPath.add(parameter.getName());
      } else if (parameter.getIn() == Location.QUERY) {
        requireKnown(operation, parameter, schema);
        inQuery.put(parameter.getName(), schema);
      }
    }
    inPath.remove(idName);
  }

  /** The path's first parameter; null when it has none. */
  String id(RoutingContext routing) {
    return idName == null ? null : routing.pathParam(idName);
  }

  /** Whether there are no others. */
  boolean isIdAlone() {
    return idName != null && inPath.isEmpty() && inQuery.isEmpty();
  }

  /** All others; fails with a {@link RefusedException} that names each one at fault. */
  Parameters read(RoutingContext routing) {
    if (inPath.isEmpty() && inQuery.isEmpty()) {
      return Parameters.NONE;
    }
    Map<String, Object> values = new HashMap<>();
    List<Refusal.Violation> violations = new ArrayList<>();
    inPath.forEach(name -> values.put(name, routing.pathParam(name)));
    inQuery.forEach(
        (name, schema) -> {
          List<String> sent = routing.queryParam(name);
          Object value = sent.isEmpty() ? schema.getValue("default") : value(schema, sent.get(0));
          if (value != null && sent.size() <= 1) {
            values.put(name, value);
          } else if (!sent.isEmpty()) {
            violations.add(new Refusal.Violation(name, name + " must be " + expected(schema)));
          }
        });
    if (!violations.isEmpty()) {
      throw new RefusedException(Refusal.of(violations));
    }
    return new Parameters(values, null);
  }

  /** Null when it is refused. */
  private static Object value(JsonObject schema, String sent) {
    if (isBoolean(schema)) {
      return BOOLEANS.get(sent.toLowerCase(Locale.ROOT));
    }
    if (!isInteger(schema)) {
      return sent;
    }
    try {
      int value = Integer.parseInt(sent);
      boolean within =
          value >= schema.getInteger("minimum") && value <= schema.getInteger("maximum");
      return within ? value : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String expected(JsonObject schema) {
    if (isBoolean(schema)) {
      return "true or false";
    }
    return isInteger(schema)
        ? "an integer between "
            + schema.getInteger("minimum")
            + " and "
            + schema.getInteger("maximum")
        : "given once";
  }

  private static boolean isInteger(JsonObject schema) {
    return schema.getString("type").equals("integer");
  }

  private static boolean isBoolean(JsonObject schema) {
    return schema.getString("type").equals("boolean");
  }

  private static void requireKnown(Operation operation, Parameter parameter, JsonObject schema) {
    String type = schema.getString("type", "");
    boolean bounded = schema.containsKey("minimum") && schema.containsKey("maximum");
    boolean plain = type.equals("string") || type.equals("boolean");
    if (!plain && !(type.equals("integer") && bounded)) {
      throw new IllegalStateException(
          operation.getOperationId() + ": a poll cannot read its parameter " + parameter.getName());
    }
  }
}

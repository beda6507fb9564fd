package mooring.api.exoscale;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mooring.api.Refusal;

/**
 * The settings of a service. An instance holds them among its attributes, as they are shown; {@link
 * ExoscaleTuning} says what they come to.
 */
final class ExoscaleSettings {
  static final String WORK_MEM = "work-mem";
  static final String SHARED_BUFFERS = "shared-buffers-percentage";

  /** All there are. */
  static final ExoscaleSettings ALL = load("/mooring/api/exoscale/settings.json");

  private final Map<String, ExoscaleSettingsKind> kinds = new LinkedHashMap<>();

  private ExoscaleSettings(JsonObject schemas) {
    schemas.forEach(
        entry ->
            kinds.put(
                entry.getKey(),
                new ExoscaleSettingsKind(entry.getKey(), (JsonObject) entry.getValue())));
  }

  private static ExoscaleSettings load(String resource) {
    try (InputStream bytes = ExoscaleSettings.class.getResourceAsStream(resource)) {
      return new ExoscaleSettings(
          new JsonObject(new String(bytes.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ExoscaleSettingsKind kind(String name) {
    return kinds.get(name);
  }

  /** The schemas by kind, as clients check what they are about to send. */
  JsonObject schemas() {
    JsonObject schemas = new JsonObject();
    kinds.forEach((name, kind) -> schemas.put(name, kind.schema()));
    return schemas;
  }

  /**
   * Attributes with what a request asks for over them.
   *
   * @param body of the request, which the contract allows
   * @param version of the servers, a major one
   * @param refused hears of each that is refused, by its JSONPath
   */
  Map<String, String> merged(
      Map<String, String> attributes,
      JsonObject body,
      String version,
      Consumer<Refusal.Violation> refused) {
    Map<String, String> merged = new HashMap<>(attributes);
    int major = Integer.parseInt(version);
    for (ExoscaleSettingsKind kind : kinds.values()) {
      JsonObject asked = body.getJsonObject(kind.property());
      if (asked != null) {
        JsonObject stored = stored(attributes, kind);
        merged.put(kind.property(), kind.merged(stored, asked, major, refused).encode());
      }
    }
    for (String number : List.of(WORK_MEM, SHARED_BUFFERS)) {
      if (body.getValue(number) != null) {
        merged.put(number, body.getInteger(number).toString());
      }
    }
    return merged;
  }

  /** Adds to a service what is set of it. */
  void show(Map<String, String> attributes, JsonObject service) {
    for (ExoscaleSettingsKind kind : kinds.values()) {
      JsonObject stored = stored(attributes, kind);
      if (!stored.isEmpty()) {
        service.put(kind.property(), stored);
      }
    }
    for (String number : List.of(WORK_MEM, SHARED_BUFFERS)) {
      if (attributes.containsKey(number)) {
        service.put(number, Integer.valueOf(attributes.get(number)));
      }
    }
  }

  static JsonObject stored(Map<String, String> attributes, ExoscaleSettingsKind kind) {
    String stored = attributes.get(kind.property());
    return stored == null ? new JsonObject() : new JsonObject(stored);
  }
}

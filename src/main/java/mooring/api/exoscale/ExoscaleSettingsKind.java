package mooring.api.exoscale;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import mooring.api.Refusal;

/**
 * The settings of one kind, such as {@code pg}. Some belong to groups: they are taken with their
 * group and without, and are kept with it.
 */
final class ExoscaleSettingsKind {
  private static final String PROPERTIES = "properties";
  private static final String SUFFIX = "-settings";

  private final String property;
  private final JsonObject published;
  private final Map<String, ExoscaleSetting> settings = new LinkedHashMap<>();
  private final Map<String, JsonObject> groups = new LinkedHashMap<>();

  ExoscaleSettingsKind(String name, JsonObject schema) {
    this.property = name + SUFFIX;
    schema.getJsonObject(PROPERTIES).forEach(entry -> add(entry.getKey(), entry.getValue()));
    JsonObject properties = new JsonObject();
    for (Map.Entry<String, Object> entry : schema.getJsonObject(PROPERTIES)) {
      JsonObject one = (JsonObject) entry.getValue();
      JsonObject within = one.getJsonObject(PROPERTIES);
      if (within == null) {
        properties.put(entry.getKey(), ExoscaleSetting.published(one));
      } else {
        JsonObject flat = published(within);
        properties.put(entry.getKey(), one.copy().put(PROPERTIES, flat.copy()));
        properties.mergeIn(flat);
      }
    }
    this.published = schema.copy().put(PROPERTIES, properties);
  }

  private void add(String key, Object value) {
    JsonObject schema = (JsonObject) value;
    JsonObject within = schema.getJsonObject(PROPERTIES);
    if (within == null) {
      settings.put(key, new ExoscaleSetting(key, null, schema));
      return;
    }
    groups.put(key, within);
    within.forEach(
        one ->
            settings.put(
                one.getKey(), new ExoscaleSetting(one.getKey(), key, (JsonObject) one.getValue())));
  }

  private static JsonObject published(JsonObject properties) {
    JsonObject published = new JsonObject();
    properties.forEach(
        entry ->
            published.put(
                entry.getKey(), ExoscaleSetting.published((JsonObject) entry.getValue())));
    return published;
  }

  /** The property of a service that holds such settings. */
  String property() {
    return property;
  }

  /** What clients are told: the schema, with the settings of groups also beside those. */
  JsonObject schema() {
    return published.copy();
  }

  /**
   * Stored settings with those that are asked for over them; null takes one back.
   *
   * @param major of the server that they are for
   * @param refused hears of each that is refused
   */
  JsonObject merged(
      JsonObject stored, JsonObject asked, int major, Consumer<Refusal.Violation> refused) {
    JsonObject merged = stored.copy();
    Target target = new Target(merged, major, refused);
    for (Map.Entry<String, Object> entry : asked) {
      String key = entry.getKey();
      Object value = entry.getValue();
      if (!groups.containsKey(key)) {
        target.put(key, value, List.of(key));
      } else if (value == null) {
        Object unused = merged.remove(key);
      } else if (value instanceof JsonObject within) {
        within.forEach(
            one -> target.putInto(key, one.getKey(), one.getValue(), List.of(key, one.getKey())));
      } else {
        refused.accept(violation(List.of(key), key + " must be an object"));
      }
    }
    return merged;
  }

  /** What some stored settings become, by the names of parameters. */
  Map<String, String> parameters(JsonObject stored) {
    Map<String, String> parameters = new TreeMap<>();
    for (Map.Entry<String, Object> entry : stored) {
      if (entry.getValue() instanceof JsonObject within) {
        parameters.putAll(parameters(within));
      } else {
        ExoscaleSetting setting = settings.get(entry.getKey());
        setting
            .parameter()
            .ifPresent(name -> parameters.put(name, setting.written(entry.getValue())));
      }
    }
    return parameters;
  }

  private Refusal.Violation violation(List<String> path, String message) {
    StringBuilder location = new StringBuilder("$" + ExoscaleErrors.member(property));
    path.forEach(step -> location.append(ExoscaleErrors.member(step)));
    return new Refusal.Violation(location.toString(), message);
  }

  /** Where settings are put one by one. */
  private final class Target {
    private final JsonObject stored;
    private final int major;
    private final Consumer<Refusal.Violation> refused;

    Target(JsonObject stored, int major, Consumer<Refusal.Violation> refused) {
      this.stored = stored;
      this.major = major;
      this.refused = refused;
    }

    void putInto(String group, String key, Object value, List<String> path) {
      ExoscaleSetting setting = settings.get(key);
      if (setting != null && group.equals(setting.group())) {
        put(key, value, path);
      } else {
        refused.accept(violation(path, key + " is not a setting of " + group));
      }
    }

    void put(String key, Object value, List<String> path) {
      ExoscaleSetting setting = settings.get(key);
      if (setting == null) {
        refused.accept(violation(path, key + " is not a setting of " + property));
        return;
      }
      Optional<String> fault = value == null ? Optional.empty() : setting.fault(value, major);
      if (fault.isPresent()) {
        refused.accept(violation(path, fault.get()));
        return;
      }
      JsonObject holder = holder(setting.group());
      if (value != null) {
        holder.put(key, setting.kept(value));
        return;
      }
      Object unused = holder.remove(key);
      if (holder.isEmpty() && setting.group() != null) {
        Object unusedGroup = stored.remove(setting.group());
      }
    }

    private JsonObject holder(String group) {
      if (group == null) {
        return stored;
      }
      if (!stored.containsKey(group)) {
        stored.put(group, new JsonObject());
      }
      return stored.getJsonObject(group);
    }
  }
}

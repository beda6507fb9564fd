package mooring.api.ionos;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mooring.core.Instance;
import mooring.core.MaintenanceWindow;

/** What this API returns of a cluster beside what the model has a field for. */
final class IonosAttributes {
  static final String STORAGE_TYPE = "storageType";
  static final String BACKUP_LOCATION = "backupLocation";
  static final String POOL_MODE = "poolMode";
  static final String CONNECTIONS = "connections";
  static final String MAINTENANCE_WINDOW = "maintenanceWindow";

  private static final String TRANSACTION = "transaction";

  private static final List<String> DAYS =
      List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

  private static final int NIGHT_HOURS = 6;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private IonosAttributes() {}

  /** Null for a cluster of another API, which has none. */
  static String storageType(Instance instance) {
    return instance.attributes().get(STORAGE_TYPE);
  }

  /** Null when none was chosen. */
  static String backupLocation(Instance instance) {
    return instance.attributes().get(BACKUP_LOCATION);
  }

  static String poolMode(Instance instance) {
    return instance.attributes().getOrDefault(POOL_MODE, TRANSACTION);
  }

  static JsonArray connections(Instance instance) {
    String stored = instance.attributes().get(CONNECTIONS);
    return stored == null ? new JsonArray() : new JsonArray(stored);
  }

  /** The one that was asked for; else one of its own, always the same, at night. */
  static JsonObject maintenanceWindow(Instance instance) {
    MaintenanceWindow elsewhere = instance.setup().policy().maintenance();
    // There is no word for never.
    if (elsewhere != null && !elsewhere.never()) {
      String day = elsewhere.day().name();
      return new JsonObject()
          .put("time", TIME.format(elsewhere.time()))
          .put("dayOfTheWeek", day.charAt(0) + day.substring(1).toLowerCase(Locale.ROOT));
    }
    String stored = instance.attributes().get(MAINTENANCE_WINDOW);
    if (stored != null) {
      return new JsonObject(stored);
    }
    int number = Math.floorMod(instance.id().hashCode(), DAYS.size() * NIGHT_HOURS);
    return new JsonObject()
        .put("time", "0" + number % NIGHT_HOURS + ":00:00")
        .put("dayOfTheWeek", DAYS.get(number / NIGHT_HOURS));
  }

  static MaintenanceWindow window(Instance instance) {
    MaintenanceWindow elsewhere = instance.setup().policy().maintenance();
    if (elsewhere != null) {
      return elsewhere;
    }
    JsonObject shown = maintenanceWindow(instance);
    return new MaintenanceWindow(
        DayOfWeek.valueOf(shown.getString("dayOfTheWeek").toUpperCase(Locale.ROOT)),
        LocalTime.parse(shown.getString("time")));
  }

  /** Keeps a connection, or none. */
  static void putConnections(Map<String, String> attributes, JsonArray asked) {
    if (asked.isEmpty()) {
      attributes.remove(CONNECTIONS);
    } else {
      JsonObject one = asked.getJsonObject(0);
      JsonObject kept = new JsonObject();
      List.of("datacenterId", "lanId", "cidr").forEach(key -> kept.put(key, one.getString(key)));
      attributes.put(CONNECTIONS, new JsonArray().add(kept).encode());
    }
  }

  /** Whether two windows are one; whatever else they hold is nothing. */
  static boolean same(JsonObject one, JsonObject other) {
    return List.of("time", "dayOfTheWeek").stream()
        .allMatch(key -> one.getString(key).equals(other.getString(key)));
  }

  static void putMaintenanceWindow(Map<String, String> attributes, JsonObject asked) {
    JsonObject kept =
        new JsonObject()
            .put("time", asked.getString("time"))
            .put("dayOfTheWeek", asked.getString("dayOfTheWeek"));
    attributes.put(MAINTENANCE_WINDOW, kept.encode());
  }
}

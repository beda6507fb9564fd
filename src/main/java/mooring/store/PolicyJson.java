package mooring.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DayOfWeek;
import java.time.LocalTime;
import mooring.core.MaintenanceWindow;
import mooring.core.Policy;

/** The rules that an instance is kept by, within its setup. */
final class PolicyJson {
  private static final String DELETION_PROTECTED = "deletionProtected";
  private static final String SHARED_BUFFERS = "sharedBuffersPercentage";
  private static final String FAILOVER_DELAY = "failoverDelaySeconds";

  private static final String ALLOW_LIST = "allowList";
  private static final String BACKUP_TIME = "backupTime";
  private static final String MAINTENANCE = "maintenance";
  private static final String DAY = "day";
  private static final String TIME = "time";

  private PolicyJson() {}

  static JsonObject of(Policy policy) {
    JsonObject json =
        new JsonObject()
            .put(DELETION_PROTECTED, policy.deletionProtected())
            .put(SHARED_BUFFERS, policy.sharedBuffersPercentage())
            .put(FAILOVER_DELAY, policy.failoverDelaySeconds())
            .put(ALLOW_LIST, new JsonArray(policy.allowList()))
            .put(BACKUP_TIME, policy.backupTime() == null ? null : policy.backupTime().toString());
    return policy.maintenance() == null
        ? json
        : json.put(MAINTENANCE, window(policy.maintenance()));
  }

  static Policy parse(JsonObject json) {
    return json == null
        ? Policy.NONE
        : new Policy(
            json.getBoolean(DELETION_PROTECTED, false),
            json.getInteger(SHARED_BUFFERS, 0),
            json.getInteger(FAILOVER_DELAY, 0),
            json.getJsonArray(ALLOW_LIST, new JsonArray()).stream()
                .map(String.class::cast)
                .toList(),
            time(json.getString(BACKUP_TIME)),
            window(json.getJsonObject(MAINTENANCE)));
  }

  private static JsonObject window(MaintenanceWindow window) {
    JsonObject json = new JsonObject().put(TIME, window.time().toString());
    return window.never() ? json : json.put(DAY, window.day().name());
  }

  private static MaintenanceWindow window(JsonObject json) {
    if (json == null) {
      return null;
    }
    String day = json.getString(DAY);
    return new MaintenanceWindow(
        day == null ? null : DayOfWeek.valueOf(day), LocalTime.parse(json.getString(TIME)));
  }

  private static LocalTime time(String text) {
    return text == null ? null : LocalTime.parse(text);
  }
}

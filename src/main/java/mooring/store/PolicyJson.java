package mooring.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalTime;
import mooring.core.Policy;

/** The rules that an instance is kept by, within its setup. */
final class PolicyJson {
  private static final String DELETION_PROTECTED = "deletionProtected";
  private static final String SHARED_BUFFERS = "sharedBuffersPercentage";
  private static final String FAILOVER_DELAY = "failoverDelaySeconds";

  private static final String ALLOW_LIST = "allowList";
  private static final String BACKUP_TIME = "backupTime";

  private PolicyJson() {}

  static JsonObject of(Policy policy) {
    return new JsonObject()
        .put(DELETION_PROTECTED, policy.deletionProtected())
        .put(SHARED_BUFFERS, policy.sharedBuffersPercentage())
        .put(FAILOVER_DELAY, policy.failoverDelaySeconds())
        .put(ALLOW_LIST, new JsonArray(policy.allowList()))
        .put(BACKUP_TIME, policy.backupTime() == null ? null : policy.backupTime().toString());
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
            time(json.getString(BACKUP_TIME)));
  }

  private static LocalTime time(String text) {
    return text == null ? null : LocalTime.parse(text);
  }
}

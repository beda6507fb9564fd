package mooring.api.exoscale;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import mooring.core.AddressBlock;
import mooring.core.BackupTime;
import mooring.core.Instance;
import mooring.core.MaintenanceWindow;
import mooring.core.Policy;

/** The rules that a service is kept by: who may come in, and when it is backed up. */
final class ExoscalePolicy {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  static final String PROTECTION = "termination-protection";
  private static final String IP_FILTER = "ip-filter";
  private static final String SCHEDULE = "backup-schedule";
  private static final String HOUR = "backup-hour";
  private static final String MINUTE = "backup-minute";

  private static final String MAINTENANCE = "maintenance";
  private static final String NEVER = "never";

  private ExoscalePolicy() {}

  /**
   * The rules with what is asked for over them, but for protection from deletion.
   *
   * @param own when it is backed up by itself; null while that is not known
   */
  static Policy asked(Policy now, JsonObject asked, LocalTime own, ExoscaleRules rules) {
    Policy policy = now;
    JsonArray filter = asked.getJsonArray(IP_FILTER);
    if (filter != null) {
      policy = policy.withAllowList(blocks(filter, rules));
    }
    JsonObject schedule = asked.getJsonObject(SCHEDULE);
    if (schedule != null && !schedule.isEmpty()) {
      policy = policy.withBackupTime(time(schedule, now.backupTime(), own));
    }
    JsonObject window = asked.getJsonObject(MAINTENANCE);
    return window == null ? policy : policy.withMaintenance(window(window));
  }

  private static MaintenanceWindow window(JsonObject asked) {
    String day = asked.getString("dow");
    return new MaintenanceWindow(
        day.equals(NEVER) ? null : DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT)),
        LocalTime.parse(asked.getString("time")));
  }

  /** When it may be restarted for an update, as a service shows it. */
  static JsonObject shown(MaintenanceWindow window) {
    return new JsonObject()
        .put("dow", window.never() ? NEVER : window.day().name().toLowerCase(Locale.ROOT))
        .put("time", TIME.format(window.time()))
        .put("updates", new JsonArray());
  }

  /** Adds them to a service. */
  static void show(Instance instance, JsonObject service) {
    Policy policy = instance.setup().policy();
    LocalTime time = BackupTime.of(instance);
    service
        .put(IP_FILTER, new JsonArray(policy.allowList()))
        .put(SCHEDULE, new JsonObject().put(HOUR, time.getHour()).put(MINUTE, time.getMinute()));
  }

  private static List<String> blocks(JsonArray filter, ExoscaleRules rules) {
    for (int i = 0; i < filter.size(); i++) {
      if (!AddressBlock.isOne(filter.getString(i))) {
        rules.refuse(IP_FILTER + "[" + i + "]", "must be a CIDR block like 203.0.113.0/24");
      }
    }
    return filter.stream().map(String.class::cast).filter(AddressBlock::isOne).toList();
  }

  /** What is null goes back to the service's own time, and what is left out stays. */
  private static LocalTime time(JsonObject schedule, LocalTime now, LocalTime own) {
    boolean whole = schedule.containsKey(HOUR) && schedule.containsKey(MINUTE);
    if (whole && schedule.getInteger(HOUR) == null && schedule.getInteger(MINUTE) == null) {
      return null;
    }
    LocalTime otherwise = own == null ? LocalTime.MIDNIGHT : own;
    LocalTime before = now == null ? otherwise : now;
    return LocalTime.of(
        part(schedule, HOUR, before.getHour(), otherwise.getHour()),
        part(schedule, MINUTE, before.getMinute(), otherwise.getMinute()));
  }

  private static int part(JsonObject schedule, String key, int before, int own) {
    if (!schedule.containsKey(key)) {
      return before;
    }
    Integer asked = schedule.getInteger(key);
    return asked == null ? own : asked;
  }
}

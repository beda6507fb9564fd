package mooring.api.exoscale;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import mooring.core.Policy;
import mooring.core.Setup;

/** What the settings of a service come to for its servers and its poolers. */
final class ExoscaleTuning {
  private static final ExoscaleSettings SETTINGS = ExoscaleSettings.ALL;

  private ExoscaleTuning() {}

  /**
   * A setup with what has changed of the settings; what another API has asked for since stays.
   *
   * @param before the attributes that hold the settings of now
   * @param after the attributes that hold those that are wanted
   */
  static Setup tuned(Setup setup, Map<String, String> before, Map<String, String> after) {
    Map<String, String> parameters =
        changed(setup.parameters(), parameters(before), parameters(after));
    Map<String, String> pooling =
        changed(setup.pools().parameters(), pooling(before), pooling(after));
    Policy policy = setup.policy();
    int percentage = number(after, ExoscaleSettings.SHARED_BUFFERS);
    if (percentage != number(before, ExoscaleSettings.SHARED_BUFFERS)) {
      policy = policy.withSharedBuffersPercentage(percentage);
      Object unused = parameters.remove("shared_buffers");
    }
    if (patience(before) != patience(after)) {
      policy = policy.withFailoverDelay(patience(after));
    }
    return setup
        .withParameters(parameters)
        .withPools(setup.pools().withParameters(pooling))
        .withPolicy(policy);
  }

  private static Map<String, String> changed(
      Map<String, String> now, Map<String, String> before, Map<String, String> after) {
    Map<String, String> changed = new HashMap<>(now);
    for (String name : before.keySet()) {
      if (!after.containsKey(name)) {
        Object unused = changed.remove(name);
      }
    }
    for (Map.Entry<String, String> one : after.entrySet()) {
      if (!one.getValue().equals(before.get(one.getKey()))) {
        changed.put(one.getKey(), one.getValue());
      }
    }
    return changed;
  }

  /** PostgreSQL's parameters that follow from settings. */
  static Map<String, String> parameters(Map<String, String> attributes) {
    ExoscaleSettingsKind audit = SETTINGS.kind("pgaudit");
    Map<String, String> parameters = new HashMap<>(of("pg", attributes));
    JsonObject audited = ExoscaleSettings.stored(attributes, audit);
    if (audited.getBoolean("feature_enabled", false)) {
      parameters.putAll(audit.parameters(audited));
    }
    int workMem = number(attributes, ExoscaleSettings.WORK_MEM);
    if (workMem > 0) {
      parameters.put("work_mem", workMem + "MB");
    }
    return parameters;
  }

  private static Map<String, String> pooling(Map<String, String> attributes) {
    return of("pgbouncer", attributes);
  }

  private static Map<String, String> of(String name, Map<String, String> attributes) {
    ExoscaleSettingsKind kind = SETTINGS.kind(name);
    return kind.parameters(ExoscaleSettings.stored(attributes, kind));
  }

  private static int number(Map<String, String> attributes, String key) {
    return Integer.parseInt(attributes.getOrDefault(key, "0"));
  }

  /** Only what was asked for: by itself a standby takes over at once. */
  private static int patience(Map<String, String> attributes) {
    ExoscaleSettingsKind kind = SETTINGS.kind("pglookout");
    Number seconds =
        ExoscaleSettings.stored(attributes, kind).getNumber("max_failover_replication_time_lag");
    return seconds == null ? 0 : (int) Math.min(Integer.MAX_VALUE, seconds.longValue());
  }
}

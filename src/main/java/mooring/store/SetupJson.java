package mooring.store;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import mooring.core.Lineage;
import mooring.core.Policy;
import mooring.core.PoolMode;
import mooring.core.Pools;
import mooring.core.Recovery;
import mooring.core.Replication;
import mooring.core.Setup;

/** The setup of an instance as one column holds it. */
final class SetupJson {
  private static final String PARAMETERS = "parameters";
  private static final String RESTARTED_AT = "restartedAt";
  private static final String RETENTION_DAYS = "retentionDays";
  private static final String RECOVERY = "recovery";
  private static final String LINEAGE = "lineage";
  private static final String POOLER = "pooler";
  private static final String IMAGE = "image";
  private static final String REPLICATION = "replication";
  private static final String POLICY = "policy";
  private static final String POOLS = "pools";

  private SetupJson() {}

  static JsonObject of(Setup setup) {
    JsonObject json =
        new JsonObject()
            .put(PARAMETERS, new JsonObject(new LinkedHashMap<>(setup.parameters())))
            .put(RETENTION_DAYS, setup.retentionDays());
    if (setup.replication() != Replication.ASYNCHRONOUS) {
      json.put(REPLICATION, setup.replication().name());
    }
    if (setup.restartedAt() != null) {
      json.put(RESTARTED_AT, setup.restartedAt().toString());
    }
    if (setup.recovery() != null) {
      json.put(RECOVERY, recovery(setup.recovery()));
    }
    if (setup.pooler() != null) {
      json.put(POOLER, setup.pooler().name());
    }
    if (setup.image() != null) {
      json.put(IMAGE, setup.image());
    }
    if (!setup.policy().equals(Policy.NONE)) {
      json.put(POLICY, PolicyJson.of(setup.policy()));
    }
    if (!setup.pools().equals(Pools.NONE)) {
      json.put(POOLS, PoolsJson.of(setup.pools()));
    }
    if (!setup.lineage().equals(Lineage.FIRST)) {
      json.put(LINEAGE, LineageJson.of(setup.lineage()));
    }
    return json;
  }

  static Setup parse(JsonObject json) {
    Map<String, String> parameters = new LinkedHashMap<>();
    json.getJsonObject(PARAMETERS, new JsonObject())
        .forEach(entry -> parameters.put(entry.getKey(), (String) entry.getValue()));
    return new Setup(
        parameters,
        instant(json, RESTARTED_AT),
        json.getInteger(RETENTION_DAYS, 0),
        recovery(json.getJsonObject(RECOVERY)),
        LineageJson.parse(json.getJsonObject(LINEAGE)),
        json.getString(POOLER) == null ? null : PoolMode.valueOf(json.getString(POOLER)),
        json.getString(IMAGE),
        Replication.valueOf(json.getString(REPLICATION, Replication.ASYNCHRONOUS.name())),
        PolicyJson.parse(json.getJsonObject(POLICY)),
        PoolsJson.parse(json.getJsonObject(POOLS)));
  }

  static JsonObject recovery(Recovery recovery) {
    JsonObject json =
        new JsonObject()
            .put("source", recovery.source().toString())
            .put("sourceName", recovery.sourceName())
            .put(RETENTION_DAYS, recovery.retentionDays());
    if (recovery.backup() != null) {
      json.put("backup", recovery.backup());
    }
    if (recovery.end() != null) {
      json.put("end", recovery.end().toString());
    }
    return recovery.moment() == null ? json : json.put("moment", recovery.moment().toString());
  }

  static Recovery recovery(JsonObject json) {
    return json == null
        ? null
        : new Recovery(
            UUID.fromString(json.getString("source")),
            json.getString("sourceName"),
            json.getInteger(RETENTION_DAYS),
            json.getString("backup"),
            instant(json, "moment"),
            instant(json, "end"));
  }

  static Instant instant(JsonObject json, String key) {
    String text = json.getString(key);
    return text == null ? null : Instant.parse(text);
  }
}

package mooring.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.core.Lineage;
import mooring.core.ReplicaOf;

/** Which servers carry an instance, as a part of its setup; left out for the first ones. */
final class LineageJson {
  private static final String GENERATION = "generation";
  private static final String SINCE = "since";
  private static final String RECOVERY = "recovery";
  private static final String FORMER = "former";
  private static final String REPLICA_OF = "replicaOf";
  private static final String ROOM = "room";
  private static final String PROMOTED_AT = "promotedAt";
  private static final String OWN = "own";

  private LineageJson() {}

  static JsonObject of(Lineage lineage) {
    JsonArray former = new JsonArray();
    lineage.former().forEach(one -> former.add(former(one)));
    JsonObject json =
        new JsonObject()
            .put(GENERATION, lineage.generation())
            .put("last", lineage.last())
            .put(FORMER, former);
    if (lineage.replicaOf() != null) {
      json.put(REPLICA_OF, replicaOf(lineage.replicaOf()));
    }
    return since(json, lineage.since());
  }

  static Lineage parse(JsonObject json) {
    if (json == null) {
      return Lineage.FIRST;
    }
    List<Lineage.Former> former = new ArrayList<>();
    json.getJsonArray(FORMER).forEach(one -> former.add(former((JsonObject) one)));
    return new Lineage(
        json.getInteger(GENERATION),
        json.getInteger("last"),
        SetupJson.instant(json, SINCE),
        former,
        replicaOf(json.getJsonObject(REPLICA_OF)));
  }

  private static JsonObject replicaOf(ReplicaOf origin) {
    JsonObject json =
        new JsonObject()
            .put("source", origin.source().toString())
            .put("sourceHandle", origin.sourceHandle())
            .put("cluster", origin.cluster())
            .put(ROOM, room(origin.room()));
    if (origin.own()) {
      json.put(OWN, true);
    }
    return origin.follows() ? json : json.put(PROMOTED_AT, origin.promotedAt().toString());
  }

  private static ReplicaOf replicaOf(JsonObject json) {
    return json == null
        ? null
        : new ReplicaOf(
            UUID.fromString(json.getString("source")),
            json.getString("sourceHandle"),
            json.getString("cluster"),
            room(json.getJsonObject(ROOM)),
            SetupJson.instant(json, PROMOTED_AT),
            json.getBoolean(OWN, false));
  }

  private static JsonObject room(Map<String, String> settings) {
    JsonObject json = new JsonObject();
    settings.forEach(json::put);
    return json;
  }

  private static Map<String, String> room(JsonObject json) {
    Map<String, String> settings = new HashMap<>();
    json.forEach(setting -> settings.put(setting.getKey(), (String) setting.getValue()));
    return settings;
  }

  private static JsonObject former(Lineage.Former one) {
    JsonObject json =
        new JsonObject()
            .put(GENERATION, one.generation())
            .put("until", one.until().toString())
            .put("version", one.version())
            .put("retentionDays", one.retentionDays());
    if (one.recovery() != null) {
      json.put(RECOVERY, SetupJson.recovery(one.recovery()));
    }
    return since(json, one.since());
  }

  private static Lineage.Former former(JsonObject json) {
    return new Lineage.Former(
        json.getInteger(GENERATION),
        SetupJson.instant(json, SINCE),
        SetupJson.instant(json, "until"),
        json.getString("version"),
        json.getInteger("retentionDays"),
        SetupJson.recovery(json.getJsonObject(RECOVERY)));
  }

  private static JsonObject since(JsonObject json, Instant since) {
    return since == null ? json : json.put(SINCE, since.toString());
  }
}

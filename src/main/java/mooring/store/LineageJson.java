package mooring.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Lineage;

/** Which servers carry an instance, as a part of its setup; left out for the first ones. */
final class LineageJson {
  private static final String GENERATION = "generation";
  private static final String SINCE = "since";
  private static final String RECOVERY = "recovery";
  private static final String FORMER = "former";

  private LineageJson() {}

  static JsonObject of(Lineage lineage) {
    JsonArray former = new JsonArray();
    lineage.former().forEach(one -> former.add(former(one)));
    JsonObject json =
        new JsonObject()
            .put(GENERATION, lineage.generation())
            .put("last", lineage.last())
            .put(FORMER, former);
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
        former);
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

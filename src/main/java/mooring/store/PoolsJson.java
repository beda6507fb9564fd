package mooring.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mooring.core.ConnectionPool;
import mooring.core.PoolMode;
import mooring.core.Pools;

/** The connection pools of an instance, within its setup. */
final class PoolsJson {
  private static final String PARAMETERS = "parameters";
  private static final String ALL = "all";

  private PoolsJson() {}

  static JsonObject of(Pools pools) {
    JsonArray all = new JsonArray();
    for (ConnectionPool pool : pools.all()) {
      all.add(
          new JsonObject()
              .put("number", pool.number())
              .put("name", pool.name())
              .put("database", pool.database())
              .put("role", pool.role())
              .put("mode", pool.mode().name())
              .put("size", pool.size()));
    }
    return new JsonObject()
        .put(PARAMETERS, new JsonObject(new LinkedHashMap<>(pools.parameters())))
        .put(ALL, all);
  }

  static Pools parse(JsonObject json) {
    if (json == null) {
      return Pools.NONE;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    json.getJsonObject(PARAMETERS)
        .forEach(entry -> parameters.put(entry.getKey(), (String) entry.getValue()));
    List<ConnectionPool> all =
        json.getJsonArray(ALL).stream().map(one -> pool((JsonObject) one)).toList();
    return new Pools(parameters, all);
  }

  private static ConnectionPool pool(JsonObject json) {
    return new ConnectionPool(
        json.getInteger("number"),
        json.getString("name"),
        json.getString("database"),
        json.getString("role"),
        PoolMode.valueOf(json.getString("mode")),
        json.getInteger("size"));
  }
}

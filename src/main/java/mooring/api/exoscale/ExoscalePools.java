package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.ConnectionUris;
import mooring.api.Reply;
import mooring.core.Address;
import mooring.core.ConnectionPool;
import mooring.core.ConnectionPools;
import mooring.core.Instance;
import mooring.core.PoolMode;

/** The connection pools of services. */
final class ExoscalePools {
  private static final String NAME = "poolName";
  private static final String MODE = "mode";

  private final ConnectionPools pools;
  private final ExoscalePolls polls;

  ExoscalePools(ConnectionPools pools, ExoscalePolls polls) {
    this.pools = pools;
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "create-dbaas-pg-connection-pool", this::create,
        "update-dbaas-pg-connection-pool", this::update,
        "delete-dbaas-pg-connection-pool", this::delete);
  }

  /** A service's pools as it shows them; no password is among that. */
  static JsonArray shown(Instance instance) {
    JsonArray shown = new JsonArray();
    for (ConnectionPool pool : instance.setup().pools().all()) {
      shown.add(
          new JsonObject()
              .put("name", pool.name())
              .put("database", pool.database())
              .put(MODE, pool.mode().word())
              .put("size", pool.size())
              .put("username", pool.role())
              .put("connection-uri", uri(pool, pool.address(instance))));
    }
    return shown;
  }

  private static String uri(ConnectionPool pool, Address address) {
    return "postgres://"
        + ConnectionUris.encode(pool.role())
        + "@"
        + ConnectionUris.authority(address)
        + "/"
        + ConnectionUris.encode(pool.database())
        + "?sslmode=require";
  }

  private Single<Reply> create(Call call) {
    ConnectionPools.Wish wish = wish(call.body());
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                pools.create(call.caller(), known.shortId(), call.body().getString("name"), wish))
        .map(ExoscaleOperations::reply);
  }

  private Single<Reply> update(Call call) {
    ConnectionPools.Wish wish = wish(call.body());
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> pools.update(call.caller(), known.shortId(), call.path().get(NAME), wish))
        .map(revised -> ExoscaleOperations.reply(revised, !call.body().isEmpty()));
  }

  private Single<Reply> delete(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> pools.delete(call.caller(), known.shortId(), call.path().get(NAME)))
        .map(ExoscaleOperations::reply);
  }

  private static ConnectionPools.Wish wish(JsonObject asked) {
    String mode = asked.getString(MODE);
    ExoscaleRules rules = new ExoscaleRules();
    if ("statement".equals(mode)) {
      rules.refuse(MODE, "must be transaction or session: statement is not offered here");
    }
    rules.requireNone();
    return new ConnectionPools.Wish(
        asked.getString("database-name"),
        asked.getString("username"),
        mode == null ? null : PoolMode.of(mode),
        asked.getInteger("size"));
  }
}

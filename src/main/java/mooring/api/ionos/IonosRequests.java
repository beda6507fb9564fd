package mooring.api.ionos;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mooring.core.Api;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.NewDatabase;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.Replication;
import mooring.core.Setup;
import mooring.core.Uniqueness;

/** Reads valid requests for new clusters: what the contract cannot say is checked here. */
final class IonosRequests {
  /** What clients connect to when they know of no other. */
  private static final String DATABASE = "postgres";

  private static final int RETENTION_DAYS = 7;
  private static final int MILLI = 1000;

  private final List<String> versions;
  private final List<Place> places;

  IonosRequests(Offer offer, List<Place> places) {
    this.versions = offer.versionsOf(Engine.POSTGRESQL);
    this.places = List.copyOf(places);
  }

  /** The database that a body asks for; refuses with every property at fault. */
  NewDatabase cluster(JsonObject body, IonosOrigin origin) {
    JsonObject asked = body.getJsonObject("properties");
    JsonObject credentials = asked.getJsonObject("credentials");
    Optional<Place> place = Place.find(places, Api.IONOS, asked.getString("location"));
    require(asked, credentials, place, origin);
    return new NewDatabase(
        Api.IONOS,
        asked.getString("displayName"),
        new InstanceSpec(
            Engine.POSTGRESQL,
            asked.getString("postgresVersion"),
            asked.getInteger("cores") * MILLI,
            asked.getInteger("ram"),
            asked.getInteger("storageSize"),
            asked.getInteger("instances"),
            place.orElseThrow().key()),
        new NewDatabase.Login(
            credentials.getString("username"),
            credentials.getString("password"),
            origin.source() == null ? DATABASE : origin.source().database()),
        Setup.NONE
            .withRetention(RETENTION_DAYS)
            .recoveredFrom(origin.recovery())
            .withPooler(IonosPooler.wanted(pooler(asked), IonosPooler.DEFAULT))
            .withReplication(Replication.valueOf(asked.getString("synchronizationMode"))),
        Uniqueness.NOTHING,
        attributes(asked));
  }

  private void require(
      JsonObject asked, JsonObject credentials, Optional<Place> place, IonosOrigin origin) {
    String owner = credentials.getString("username");
    IonosRules rules = new IonosRules();
    if (!versions.contains(asked.getString("postgresVersion"))) {
      rules.refuse("postgresVersion", "must be one of " + String.join(", ", versions));
    }
    if (place.isEmpty()) {
      rules.refuse("location", "must be one of " + locations());
    }
    if (origin.source() == null) {
      rules.owner(owner);
    }
    rules.password("credentials.password", credentials.getString("password"));
    rules.connections(connections(asked));
    if (origin.source() != null) {
      requireLike(origin, asked, owner, rules);
    }
    rules.requireNone();
  }

  /** A server reads the data of its own version only, and what is in them has an owner. */
  private static void requireLike(
      IonosOrigin origin, JsonObject asked, String owner, IonosRules rules) {
    Instance source = origin.source();
    String version = source.versionOf(origin.recovery().sourceName());
    if (!asked.getString("postgresVersion").equals(version)) {
      rules.refuse("postgresVersion", "must be " + version + ", that of the backup");
    }
    if (!owner.equals(source.owner())) {
      rules.refuse("credentials.username", "must be " + source.owner() + ", the backup's owner");
    }
  }

  private static Map<String, String> attributes(JsonObject asked) {
    Map<String, String> attributes = new HashMap<>();
    for (String key : List.of(IonosAttributes.STORAGE_TYPE, IonosAttributes.BACKUP_LOCATION)) {
      if (asked.getString(key) != null) {
        attributes.put(key, asked.getString(key));
      }
    }
    if (pooler(asked).getString(IonosAttributes.POOL_MODE) != null) {
      attributes.put(IonosAttributes.POOL_MODE, pooler(asked).getString(IonosAttributes.POOL_MODE));
    }
    IonosAttributes.putConnections(attributes, connections(asked));
    JsonObject window = asked.getJsonObject(IonosAttributes.MAINTENANCE_WINDOW);
    if (window != null) {
      IonosAttributes.putMaintenanceWindow(attributes, window);
    }
    return attributes;
  }

  private static JsonArray connections(JsonObject asked) {
    JsonArray connections = asked.getJsonArray(IonosAttributes.CONNECTIONS);
    return connections == null ? new JsonArray() : connections;
  }

  private static JsonObject pooler(JsonObject asked) {
    JsonObject pooler = asked.getJsonObject("connectionPooler");
    return pooler == null ? new JsonObject() : pooler;
  }

  private String locations() {
    return places.stream().map(place -> place.in(Api.IONOS)).collect(Collectors.joining(", "));
  }
}

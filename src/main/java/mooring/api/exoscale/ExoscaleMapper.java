package mooring.api.exoscale;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import mooring.api.ConnectionUris;
import mooring.core.Address;
import mooring.core.Api;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.LogicalDatabase;
import mooring.core.MaintenanceWindow;
import mooring.core.Operation;
import mooring.core.Place;
import mooring.core.PostgresParameters;
import mooring.core.Replication;
import mooring.core.Role;
import mooring.core.Stage;
import mooring.status.Snapshot;

/** Writes databases as Exoscale's services. */
final class ExoscaleMapper {
  private static final int MILLI = 1000;
  private static final long BYTES_PER_MIB = 1L << 20;
  private static final String MAX_CONNECTIONS = "max_connections";

  private final List<Place> places;
  private final Function<Instance, MaintenanceWindow> windows;

  /**
   * @param windows when databases may be restarted for an update
   */
  ExoscaleMapper(List<Place> places, Function<Instance, MaintenanceWindow> windows) {
    this.places = List.copyOf(places);
    this.windows = windows;
  }

  /**
   * The service as lists have it.
   *
   * @param integrations those that it is an end of
   */
  JsonObject common(Snapshot snapshot, JsonArray integrations) {
    Instance instance = snapshot.instance();
    InstanceSpec spec = instance.spec();
    return new JsonObject()
        .put("name", instance.handle())
        .put("type", ExoscaleCatalogue.TYPE)
        .put("plan", ExoscalePlan.shown(instance))
        .put("state", ExoscaleState.word(snapshot.status().before(), spec.instances()))
        .put("zone", Place.nameOf(places, spec.place(), Api.EXOSCALE))
        .put(ExoscalePolicy.PROTECTION, instance.setup().policy().deletionProtected())
        .put("created-at", time(instance.createdAt()))
        .put("updated-at", time(modifiedAt(instance.operation())))
        .put("node-count", spec.instances())
        .put("node-cpu-count", (spec.cpuMilli() + MILLI - 1) / MILLI)
        .put("node-memory", spec.memoryMib() * BYTES_PER_MIB)
        .put("disk-size", spec.storageMib() * BYTES_PER_MIB)
        .put(ExoscaleReplica.INTEGRATIONS, integrations)
        .put("notifications", new JsonArray());
  }

  /** The whole service but for its integrations and its backups, which come last: none here. */
  Buffer service(Snapshot snapshot) {
    Instance instance = snapshot.instance();
    JsonObject params = params(instance);
    String uri = uri(instance);
    JsonObject service = common(snapshot, new JsonArray());
    Object none = service.remove(ExoscaleReplica.INTEGRATIONS);
    service
        .put("version", version(snapshot))
        .put("max-connections", connections(instance))
        .put("prometheus-uri", new JsonObject())
        .put("uri", uri)
        .put("uri-params", params)
        .put(
            "connection-info",
            new JsonObject()
                .put("uri", new JsonArray().add(uri))
                .put("params", new JsonArray().add(params))
                .put("standby", new JsonArray())
                .put("syncing", new JsonArray()))
        .put("components", components(instance))
        .put("databases", databases(instance))
        .put("users", users(instance))
        .put("connection-pools", ExoscalePools.shown(instance))
        .put("maintenance", ExoscalePolicy.shown(windows.apply(instance)))
        .put("node-states", ExoscaleNodes.shown(snapshot))
        .put("synchronous-replication", replication(instance));
    ExoscalePolicy.show(instance, service);
    ExoscaleSettings.ALL.show(instance.attributes(), service);
    return service
        .put(ExoscaleReplica.INTEGRATIONS, none)
        .put("backups", new JsonArray())
        .toBuffer();
  }

  /** The users that are there: the admin, then those that were made since. */
  static JsonArray users(Instance instance) {
    JsonArray users = new JsonArray().add(user(instance.owner(), "primary", false));
    for (Role role : instance.contents().roles()) {
      if (role.stage() != Stage.MAKING) {
        users.add(user(role.name(), "normal", replicating(role)));
      }
    }
    return users;
  }

  /** What the servers have: what is asked of them comes true later. */
  private static boolean replicating(Role role) {
    return role.stage() == Stage.SWITCHING ? role.before().replication() : role.replication();
  }

  /** In full where that is known: of the version that is wanted, else it is being upgraded. */
  static String version(Snapshot snapshot) {
    String major = snapshot.instance().spec().version();
    String release = snapshot.observation().facts().servers().release();
    return release != null && release.startsWith(major + ".") ? release : major;
  }

  /** How standbys follow. */
  static String replication(Instance instance) {
    return replication(instance.setup().replication(), instance.spec().instances());
  }

  /** The word for it: whatever waits for a standby is a quorum of them; without any, none does. */
  static String replication(Replication wanted, int instances) {
    return wanted == Replication.ASYNCHRONOUS || instances == 1 ? "off" : "quorum";
  }

  /** A moment, to the second. */
  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static JsonObject user(String name, String type, boolean replication) {
    return new JsonObject()
        .put("username", name)
        .put("type", type)
        .put("allow-replication", replication);
  }

  private static JsonArray databases(Instance instance) {
    JsonArray databases = new JsonArray();
    instance.firstDatabases().forEach(databases::add);
    instance.contents().databases().stream()
        .filter(one -> one.stage() != Stage.MAKING)
        .map(LogicalDatabase::name)
        .forEach(databases::add);
    return databases;
  }

  /** Without the password, which is revealed by an operation of its own. */
  private static String uri(Instance instance) {
    return "postgres://"
        + ConnectionUris.encode(instance.owner())
        + "@"
        + ConnectionUris.authority(instance.address())
        + "/"
        + ConnectionUris.encode(instance.database())
        + "?sslmode=require";
  }

  private static JsonObject params(Instance instance) {
    return new JsonObject()
        .put("user", instance.owner())
        .put("host", instance.address().host())
        .put("port", Integer.toString(instance.address().port()))
        .put("dbname", instance.database())
        .put("sslmode", "require");
  }

  private static JsonArray components(Instance instance) {
    String usage = instance.follows() ? "replica" : "primary";
    JsonArray components = new JsonArray().add(component("pg", instance.address(), usage));
    instance
        .setup()
        .pools()
        .all()
        .forEach(pool -> components.add(component("pgbouncer", pool.address(instance), usage)));
    return components;
  }

  private static JsonObject component(String component, Address address, String usage) {
    return new JsonObject()
        .put("component", component)
        .put("host", address.host())
        .put("port", address.port())
        .put("route", "dynamic")
        .put("usage", usage);
  }

  private static int connections(Instance instance) {
    return Integer.parseInt(PostgresParameters.of(instance).get(MAX_CONNECTIONS));
  }

  private static Instant modifiedAt(Operation latest) {
    return latest.endedAt() == null ? latest.startedAt() : latest.endedAt();
  }
}

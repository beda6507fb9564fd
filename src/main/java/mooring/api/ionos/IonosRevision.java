package mooring.api.ionos;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.Replication;
import mooring.core.Setup;
import mooring.core.Upgrades;

/**
 * What a PATCH asks for. Clients send every property, so one that is as it is shown changes
 * nothing, also where another API gave it a value that nobody could ask for here.
 */
final class IonosRevision {
  private static final String VERSION = "postgresVersion";
  private static final int MILLI = 1000;
  private static final int LEAST_MB = 2048;
  private static final int MOST_STORAGE_MB = 2_097_152;
  private static final int RAM_STEP_MB = 1024;

  private final IonosMapper mapper;
  private final Upgrades upgrades;
  private final JsonObject asked;
  private final Instant time;

  /**
   * @param asked the properties of a valid body; a null one is left out
   * @param time when it is asked for
   */
  IonosRevision(IonosMapper mapper, Upgrades upgrades, JsonObject asked, Instant time) {
    this.mapper = mapper;
    this.upgrades = upgrades;
    this.asked = asked;
    this.time = time;
  }

  /** The new wish; refuses with every property at fault. */
  Instance of(Instance now) {
    IonosRules rules = new IonosRules();
    version(now, rules);
    Instance changed = changed(now, rules);
    String version = asked.getString(VERSION, now.spec().version());
    if (version.equals(now.spec().version())) {
      return changed;
    }
    if (!changed.equals(now)) {
      // When an upgrade fails all goes on as before, and that is told of one thing only.
      rules.refuse(VERSION, "cannot be changed together with other properties");
    }
    rules.requireNone();
    return now.upgraded(version, time);
  }

  private void version(Instance now, IonosRules rules) {
    List<String> possible = new ArrayList<>(List.of(now.spec().version()));
    possible.addAll(upgrades.of(now.spec()));
    String version = asked.getString(VERSION);
    if (version != null && !possible.contains(version)) {
      rules.refuse(VERSION, "must be one of " + String.join(", ", possible));
    }
  }

  private Instance changed(Instance now, IonosRules rules) {
    requireSame(now, rules);
    InstanceSpec spec = spec(now.spec(), rules);
    Map<String, String> attributes = attributes(now, rules);
    rules.requireNone();
    String name = asked.getString("displayName");
    String mode = asked.getString("synchronizationMode");
    Setup setup =
        mode == null ? now.setup() : now.setup().withReplication(Replication.valueOf(mode));
    if (otherWindow(now)) {
      // The one that was asked for last counts, whichever API asked.
      setup = setup.withPolicy(setup.policy().withMaintenance(null));
    }
    return now.named(name == null ? now.name() : name)
        .wanted(
            spec, now.desired(), setup.withPooler(IonosPooler.changed(pooler(), now)), attributes);
  }

  private void requireSame(Instance now, IonosRules rules) {
    same("location", mapper.location(now), rules);
    same(IonosAttributes.STORAGE_TYPE, IonosAttributes.storageType(now), rules);
    same(IonosAttributes.BACKUP_LOCATION, IonosAttributes.backupLocation(now), rules);
    for (String onlyAtFirst : List.of("credentials", "fromBackup")) {
      same(onlyAtFirst, null, rules);
    }
  }

  private void same(String property, Object now, IonosRules rules) {
    Object value = asked.getValue(property);
    if (value != null && !Objects.equals(value, now)) {
      rules.refuse(property, "cannot be changed");
    }
  }

  private InstanceSpec spec(InstanceSpec now, IonosRules rules) {
    int cores = asked.getInteger("cores", IonosMapper.cores(now));
    return new InstanceSpec(
        now.engine(),
        now.version(),
        cores == IonosMapper.cores(now) ? now.cpuMilli() : cores * MILLI,
        ram(now.memoryMib(), rules),
        storage(now.storageMib(), rules),
        asked.getInteger("instances", now.instances()),
        now.place());
  }

  private int ram(int now, IonosRules rules) {
    int ram = asked.getInteger("ram", now);
    if (ram != now && (ram < LEAST_MB || ram % RAM_STEP_MB != 0)) {
      rules.refuse("ram", "must be a multiple of " + RAM_STEP_MB + ", at least " + LEAST_MB);
    }
    return ram;
  }

  private int storage(int now, IonosRules rules) {
    int storage = asked.getInteger("storageSize", now);
    if (storage < now) {
      rules.refuse("storageSize", "must not be less than the present " + now);
    } else if (storage != now && (storage < LEAST_MB || storage > MOST_STORAGE_MB)) {
      rules.refuse("storageSize", "must be between " + LEAST_MB + " and " + MOST_STORAGE_MB);
    }
    return storage;
  }

  private Map<String, String> attributes(Instance now, IonosRules rules) {
    Map<String, String> attributes = new HashMap<>(now.attributes());
    JsonArray connections = asked.getJsonArray(IonosAttributes.CONNECTIONS);
    if (connections != null) {
      rules.connections(connections);
      IonosAttributes.putConnections(attributes, connections);
    }
    if (otherWindow(now)) {
      IonosAttributes.putMaintenanceWindow(attributes, window());
    }
    IonosPooler.putMode(attributes, pooler(), now);
    return attributes;
  }

  private boolean otherWindow(Instance now) {
    return window() != null
        && !IonosAttributes.same(window(), IonosAttributes.maintenanceWindow(now));
  }

  private JsonObject window() {
    return asked.getJsonObject(IonosAttributes.MAINTENANCE_WINDOW);
  }

  private JsonObject pooler() {
    return asked.getJsonObject("connectionPooler", new JsonObject());
  }
}

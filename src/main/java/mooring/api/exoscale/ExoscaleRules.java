package mooring.api.exoscale;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mooring.api.Refusal;
import mooring.api.RefusedException;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.LockTables;
import mooring.core.Names;
import mooring.core.Setup;
import mooring.core.Upgrades;

/** What the contract cannot say of a request, gathered for one refusal. */
final class ExoscaleRules {
  private static final String NAME = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";

  private final List<Refusal.Violation> violations = new ArrayList<>();

  /** Something is at fault. */
  void refuse(String member, String message) {
    violations.add(new Refusal.Violation(member, member + " " + message));
  }

  /** Something is at fault that is named already. */
  void refuse(Refusal.Violation violation) {
    violations.add(violation);
  }

  /** Throws when anything was at fault. */
  void requireNone() {
    if (!violations.isEmpty()) {
      throw refusal();
    }
  }

  /** Of what was at fault. */
  RefusedException refusal() {
    return new RefusedException(Refusal.of(violations));
  }

  /** Refuses what is not offered; to leave it out unsaid would be to pretend. */
  void offered(JsonObject asked) {
    if ("timescale".equals(asked.getString("variant"))) {
      refuse("variant", "must be aiven: timescale is not offered here");
    }
  }

  /** A new service's name, which becomes a part of paths. */
  void name(String name) {
    if (!name.matches(NAME)) {
      refuse(
          "name",
          "must be 1 to 63 lower-case letters, digits and hyphens, with a letter first and no"
              + " hyphen last");
    }
  }

  /** The plan of a name. */
  Optional<ExoscalePlan> plan(String name) {
    Optional<ExoscalePlan> plan = ExoscalePlan.find(name);
    if (plan.isEmpty()) {
      refuse("plan", "must be one of " + ExoscalePlan.names());
    }
    return plan;
  }

  /** The version of now, or one that the service can be upgraded to. */
  void version(String asked, Instance now, Upgrades upgrades) {
    List<String> possible =
        Stream.concat(Stream.of(now.spec().version()), upgrades.of(now.spec()).stream()).toList();
    if (!possible.contains(asked)) {
      refuse("version", "must be one of " + String.join(", ", possible));
    }
  }

  /** Nobody gets a name of the server's own. */
  void role(String member, String username) {
    if (Names.reservedRole(username)) {
      refuse(member, "must not be a reserved name");
    }
  }

  /** A server reads the data of its own version only, they have an owner, and need their room. */
  void like(Instance source, JsonObject asked) {
    String version = source.spec().version();
    if (!version.equals(asked.getString("version", version))) {
      refuse("version", "must be " + version + ", that of the service it is a copy of");
    }
    String admin = source.owner();
    if (!admin.equals(asked.getString("admin-username", admin))) {
      refuse("admin-username", "must be " + admin + ", as in the service it is a copy of");
    }
    ExoscalePlan.find(asked.getString("plan"))
        .filter(plan -> plan.diskMib() < source.spec().storageMib())
        .ifPresent(plan -> refuse("plan", "must have no smaller disk than what it is a copy of"));
  }

  /** The tables that locks are held in are taken from the memory at the start. */
  void locks(InstanceSpec spec, Setup setup, JsonObject asked) {
    long needed = LockTables.mib(setup.parameters(), spec);
    long most = LockTables.mostMib(spec);
    if (needed <= most) {
      return;
    }
    JsonObject settings = asked.getJsonObject("pg-settings", new JsonObject());
    String member =
        LockTables.PARAMETERS.stream()
            .filter(settings::containsKey)
            .findFirst()
            .map(name -> "pg-settings." + name)
            .orElse(settings.isEmpty() ? "plan" : "pg-settings");
    String settled = String.join(", ", LockTables.PARAMETERS);
    refuse(
        member,
        "must leave at most %d MiB of the memory to the tables of locks, not %d; see %s"
            .formatted(most, needed, settled));
  }

  void replication(String asked, int nodes) {
    if ("quorum".equals(asked) && nodes < 2) {
      refuse("synchronous-replication", "must be off: the plan has a single node");
    }
  }
}

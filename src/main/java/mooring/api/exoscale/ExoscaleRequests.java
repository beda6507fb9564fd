package mooring.api.exoscale;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooring.core.Api;
import mooring.core.BackupTime;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.MigrationWish;
import mooring.core.NewDatabase;
import mooring.core.Offer;
import mooring.core.Place;
import mooring.core.Policy;
import mooring.core.ReplicaOf;
import mooring.core.Replication;
import mooring.core.Setup;
import mooring.core.SourceAddresses;
import mooring.core.Uniqueness;
import mooring.core.Upgrades;

/** Reads valid requests: what the contract cannot say is checked here. */
final class ExoscaleRequests {
  private static final String ADMIN = "avnadmin";
  private static final String DATABASE = "defaultdb";
  private static final String VERSION = "version";
  private static final String QUORUM = "quorum";

  private final List<String> versions;
  private final String place;
  private final Upgrades upgrades;
  private final SourceAddresses sources;

  ExoscaleRequests(Offer offer, List<Place> places, Upgrades upgrades, SourceAddresses sources) {
    this.versions = offer.versionsOf(Engine.POSTGRESQL);
    this.place = places.get(0).key();
    this.upgrades = upgrades;
    this.sources = sources;
  }

  /**
   * The migration that is asked for, alone; refuses with every member at fault.
   *
   * @param asked null for none
   */
  MigrationWish migration(JsonObject asked) {
    ExoscaleRules rules = new ExoscaleRules();
    MigrationWish wish = ExoscaleSource.asked(asked, sources, rules);
    rules.requireNone();
    return wish;
  }

  /** The database that a body asks for; refuses with every member at fault. */
  NewDatabase service(String name, JsonObject asked, ExoscaleFork.Origin origin) {
    ExoscaleRules rules = new ExoscaleRules();
    Instance source = origin.source();
    boolean copy = source != null;
    String newest = versions.get(versions.size() - 1);
    String version = asked.getString(VERSION, copy ? source.spec().version() : newest);
    String admin = asked.getString("admin-username", copy ? source.owner() : ADMIN);
    rules.name(name);
    rules.offered(asked);
    if (!versions.contains(version)) {
      rules.refuse(VERSION, "must be one of " + String.join(", ", versions));
    }
    MigrationWish migration = ExoscaleSource.asked(asked, sources, rules);
    if (copy && migration != null) {
      rules.refuse(
          ExoscaleSource.MEMBER,
          "cannot be asked for together with fork-from-service or integrations");
    }
    if (copy) {
      rules.like(source, asked);
    } else {
      rules.role("admin-username", admin);
    }
    Optional<ExoscalePlan> plan = rules.plan(asked.getString("plan"));
    String replication = asked.getString("synchronous-replication");
    plan.ifPresent(known -> rules.replication(replication, known.nodes()));
    Policy policy =
        ExoscalePolicy.asked(Policy.NONE, asked, null, rules)
            .withDeletionProtected(asked.getBoolean(ExoscalePolicy.PROTECTION, false));
    Map<String, String> named =
        plan.map(known -> Map.of(ExoscalePlan.ATTRIBUTE, known.name())).orElse(Map.of());
    String major = versions.contains(version) ? version : newest;
    Map<String, String> attributes =
        ExoscaleSettings.ALL.merged(named, asked, major, rules::refuse);
    rules.requireNone();
    Setup setup =
        Setup.NONE
            .withRetention(plan.orElseThrow().retentionDays())
            .recoveredFrom(origin.recovery())
            .withReplication(replication(replication))
            .withPolicy(policy);
    setup = ExoscaleTuning.tuned(setup, Map.of(), attributes);
    if (origin.follows()) {
      setup = setup.replicaOf(ReplicaOf.of(source));
    }
    InstanceSpec spec = plan.get().spec(version, place);
    rules.locks(spec, setup, asked);
    rules.requireNone();
    return new NewDatabase(
        Api.EXOSCALE,
        name,
        spec,
        new NewDatabase.Login(
            admin, asked.getString("admin-password"), copy ? source.database() : DATABASE),
        setup,
        Uniqueness.HANDLE,
        attributes,
        migration);
  }

  /**
   * The new wish of a service; refuses with every member at fault. What is left out stays.
   *
   * @param time when it is asked for
   */
  Instance revised(Instance now, JsonObject asked, Instant time) {
    String version = asked.getString(VERSION, now.spec().version());
    ExoscaleRules rules = new ExoscaleRules();
    rules.version(version, now, upgrades);
    Instance changed = changed(now, asked, rules);
    if (version.equals(now.spec().version())) {
      return changed;
    }
    if (!changed.equals(now)) {
      // When an upgrade fails all goes on as before, and that is told of one thing only.
      rules.refuse(VERSION, "cannot be changed together with other members");
    }
    rules.requireNone();
    return now.upgraded(version, time);
  }

  private static Instance changed(Instance now, JsonObject asked, ExoscaleRules rules) {
    rules.offered(asked);
    if (ExoscaleReplica.isAsked(asked)) {
      rules.refuse(ExoscaleReplica.INTEGRATIONS, "can be asked for with a new service only");
    }
    InstanceSpec spec = now.spec();
    Policy policy = ExoscalePolicy.asked(now.setup().policy(), asked, BackupTime.own(now), rules);
    Setup setup = now.setup().withPolicy(policy);
    Map<String, String> attributes =
        ExoscaleSettings.ALL.merged(now.attributes(), asked, now.spec().version(), rules::refuse);
    String name = asked.getString("plan");
    // Whoever sends what is shown changes nothing, also where it is no plan's.
    if (name != null && !name.equals(ExoscalePlan.shown(now))) {
      Optional<ExoscalePlan> plan = rules.plan(name);
      if (plan.isPresent()) {
        // The archive stays the one it began with: another would not hold the backups made so far.
        spec = plan.get().spec(spec);
        attributes.put(ExoscalePlan.ATTRIBUTE, plan.get().name());
      }
    }
    String replication = asked.getString("synchronous-replication");
    rules.replication(replication, spec.instances());
    String kept = ExoscaleMapper.replication(setup.replication(), spec.instances());
    if (replication != null && !replication.equals(kept)) {
      setup = setup.withReplication(replication(replication));
    } else if (replication == null && !kept.equals(ExoscaleMapper.replication(now))) {
      // Off with a plan without standbys, it stays off with the next one that has some.
      setup = setup.withReplication(Replication.ASYNCHRONOUS);
    }
    setup = ExoscaleTuning.tuned(setup, now.attributes(), attributes);
    if (!spec.equals(now.spec()) || !setup.parameters().equals(now.setup().parameters())) {
      rules.locks(spec, setup, asked);
    }
    rules.requireNone();
    Instance wanted = now.wanted(spec, now.desired(), setup, attributes);
    Boolean on = asked.getBoolean(ExoscalePolicy.PROTECTION);
    return on == null ? wanted : wanted.deletionProtected(on);
  }

  private static Replication replication(String word) {
    return QUORUM.equals(word) ? Replication.STRICTLY_SYNCHRONOUS : Replication.ASYNCHRONOUS;
  }
}

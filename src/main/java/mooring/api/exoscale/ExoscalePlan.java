package mooring.api.exoscale;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.api.CustomSize;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/**
 * A size that services can have.
 *
 * @param tier how many nodes there are, and for how long backups are kept
 * @param cpus of each node
 * @param memoryGib of each node
 * @param diskGib of each node
 */
record ExoscalePlan(Tier tier, int cpus, int memoryGib, int diskGib) {
  /** The attribute under which the plan of a database is kept. */
  static final String ATTRIBUTE = "plan";

  private static final int MILLI = 1000;
  private static final int MIB_PER_GIB = 1024;
  private static final long BYTES_PER_GIB = 1L << 30;
  private static final int HOURS_PER_DAY = 24;
  private static final int MEMORY_PERCENT = 80;

  /** A family of plans. */
  enum Tier {
    HOBBYIST("hobbyist", 1, 1),
    STARTUP("startup", 1, 3),
    BUSINESS("business", 2, 14),
    PREMIUM("premium", 3, 30);

    private final String word;
    private final int nodes;
    private final int retentionDays;

    Tier(String word, int nodes, int retentionDays) {
      this.word = word;
      this.nodes = nodes;
      this.retentionDays = retentionDays;
    }
  }

  private static final List<ExoscalePlan> ALL =
      Stream.concat(
              Stream.of(new ExoscalePlan(Tier.HOBBYIST, 2, 2, 8)),
              Stream.of(Tier.STARTUP, Tier.BUSINESS, Tier.PREMIUM)
                  .flatMap(
                      tier ->
                          Stream.of(
                              new ExoscalePlan(tier, 2, 4, 80),
                              new ExoscalePlan(tier, 2, 8, 175),
                              new ExoscalePlan(tier, 4, 16, 350),
                              new ExoscalePlan(tier, 8, 32, 700),
                              new ExoscalePlan(tier, 16, 64, 1000))))
          .toList();

  /** The plan of a name. */
  static Optional<ExoscalePlan> find(String name) {
    return ALL.stream().filter(plan -> plan.name().equals(name)).findFirst();
  }

  /** What there is to choose from. */
  static String names() {
    return ALL.stream().map(ExoscalePlan::name).collect(Collectors.joining(", "));
  }

  /** The name to show for a database's size. */
  static String shown(Instance instance) {
    String kept = instance.attributes().get(ATTRIBUTE);
    return (kept == null ? Optional.<ExoscalePlan>empty() : find(kept))
        .filter(plan -> plan.fits(instance.spec()))
        .map(ExoscalePlan::name)
        .orElseGet(() -> CustomSize.name(instance.spec()));
  }

  /** The catalogue. */
  static JsonArray catalogue(String zone) {
    JsonArray catalogue = new JsonArray();
    ALL.forEach(plan -> catalogue.add(plan.json(zone)));
    return catalogue;
  }

  String name() {
    return tier.word + "-" + memoryGib;
  }

  int nodes() {
    return tier.nodes;
  }

  int diskMib() {
    return diskGib * MIB_PER_GIB;
  }

  int retentionDays() {
    return tier.retentionDays;
  }

  /** What a database of this plan is asked to be. */
  InstanceSpec spec(String version, String place) {
    return new InstanceSpec(
        Engine.POSTGRESQL,
        version,
        cpus * MILLI,
        memoryGib * MIB_PER_GIB,
        diskGib * MIB_PER_GIB,
        tier.nodes,
        place);
  }

  /** The same for a database that has another plan, or none: storage never gets smaller. */
  InstanceSpec spec(InstanceSpec now) {
    return new InstanceSpec(
        now.engine(),
        now.version(),
        cpus * MILLI,
        memoryGib * MIB_PER_GIB,
        Math.max(diskGib * MIB_PER_GIB, now.storageMib()),
        tier.nodes,
        now.place());
  }

  private boolean fits(InstanceSpec spec) {
    return spec(spec).equals(spec);
  }

  private JsonObject json(String zone) {
    return new JsonObject()
        .put("name", name())
        .put("node-count", tier.nodes)
        .put("node-cpu-count", cpus)
        .put("node-memory", memoryGib * BYTES_PER_GIB)
        .put("disk-space", diskGib * BYTES_PER_GIB)
        .put("max-memory-percent", MEMORY_PERCENT)
        .put("authorized", true)
        .put("family", "general")
        .put("zones", new JsonArray().add(zone))
        .put(
            "backup-config",
            new JsonObject()
                .put("interval", HOURS_PER_DAY)
                .put("max-count", tier.retentionDays)
                .put("recovery-mode", "pitr"));
  }
}

package mooring.api.cloudheed;

import java.util.Map;
import java.util.Optional;
import mooring.api.CustomSize;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/** The sizes of this API, as its documentation has them in one table. */
enum CloudheedTier {
  FREE("free", 250, 256, 500, 3, "2MB", 1, 0),
  MICRO("micro", 2_000, gib(1), gib(10), 60, "4MB", 7, 0),
  SMALL("small", 2_000, gib(2), gib(20), 90, "4MB", 14, 7),
  MEDIUM("medium", 2_000, gib(4), gib(40), 120, "8MB", 14, 14),
  LARGE("large", 4_000, gib(8), gib(80), 160, "16MB", 30, 30),
  XL("xl", 4_000, gib(16), gib(160), 240, "32MB", 30, 30),
  XL_2("2xl", 8_000, gib(32), gib(245), 380, "64MB", 30, 30),
  XL_4("4xl", 16_000, gib(64), gib(368), 480, "128MB", 30, 30),
  XL_8("8xl", 32_000, gib(128), gib(600), 600, "256MB", 30, 30);

  /** The attribute under which the tier of a database is kept. */
  static final String ATTRIBUTE = "tier";

  /** PostgreSQL keeps three connections for superusers, and does not start with nothing else. */
  private static final int LEAST_CONNECTIONS = 6;

  private final String word;
  private final int cpuMilli;
  private final int memoryMib;
  private final int storageMib;
  private final int connections;
  private final String workMem;
  private final int retentionDays;
  private final int recoveryDays;

  CloudheedTier(
      String word,
      int cpuMilli,
      int memoryMib,
      int storageMib,
      int connections,
      String workMem,
      int retentionDays,
      int recoveryDays) {
    this.word = word;
    this.cpuMilli = cpuMilli;
    this.memoryMib = memoryMib;
    this.storageMib = storageMib;
    this.connections = Math.max(connections, LEAST_CONNECTIONS);
    this.workMem = workMem;
    this.retentionDays = retentionDays;
    this.recoveryDays = recoveryDays;
  }

  /** The tier of a name. */
  static Optional<CloudheedTier> find(String word) {
    for (CloudheedTier tier : values()) {
      if (tier.word.equals(word)) {
        return Optional.of(tier);
      }
    }
    return Optional.empty();
  }

  /** The tier of a database, as long as it has that size; empty for a size that no tier gave it. */
  static Optional<CloudheedTier> of(Instance instance) {
    String madeWith = instance.attributes().get(ATTRIBUTE);
    return madeWith == null
        ? Optional.empty()
        : find(madeWith).filter(tier -> tier.fits(instance.spec()));
  }

  /** The name to show for a database's size. */
  static String shown(Instance instance) {
    return of(instance).map(CloudheedTier::word).orElseGet(() -> CustomSize.name(instance.spec()));
  }

  String word() {
    return word;
  }

  int cpuMilli() {
    return cpuMilli;
  }

  int memoryMib() {
    return memoryMib;
  }

  int storageMib() {
    return storageMib;
  }

  /** How many connections there can be. */
  int connections() {
    return connections;
  }

  /** How long daily backups are kept. */
  int retentionDays() {
    return retentionDays;
  }

  /** How far back a database can be recovered to a moment; 0 when it cannot. */
  int recoveryDays() {
    return recoveryDays;
  }

  /** The settings that do not follow from the memory alone. */
  Map<String, String> parameters() {
    return Map.of("max_connections", Integer.toString(connections), "work_mem", workMem);
  }

  /** Storage never gets smaller, so it may be larger than the tier's. */
  private boolean fits(InstanceSpec spec) {
    return cpuMilli == spec.cpuMilli()
        && memoryMib == spec.memoryMib()
        && storageMib <= spec.storageMib();
  }

  private static int gib(int count) {
    return count * 1024;
  }
}

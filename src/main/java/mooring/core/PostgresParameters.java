package mooring.core;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's memory settings, as shares of what an instance has. */
public final class PostgresParameters {
  private static final int MIB_PER_CONNECTION = 10;
  private static final int MIN_CONNECTIONS = 20;
  private static final int MAX_CONNECTIONS = 1_000;
  private static final int MAX_MAINTENANCE_MIB = 2_048;
  private static final int MOST_SMALL_WORK_MIB = 32;
  private static final long KB = 1024;
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})(kB|MB|GB)");

  /** PostgreSQL's own limit: 262143 blocks of 8 KiB. */
  private static final int MOST_WAL_BUFFERS_MIB = 2_047;

  private PostgresParameters() {}

  /**
   * The settings for an amount of memory.
   *
   * @param memoryMib of one instance, in MiB; PostgreSQL's unit MB means the same
   */
  public static Map<String, String> of(int memoryMib) {
    int connections = clamp(memoryMib / MIB_PER_CONNECTION, MIN_CONNECTIONS, MAX_CONNECTIONS);
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("shared_buffers", mb(Math.max(16, memoryMib / 4)));
    parameters.put("effective_cache_size", mb(Math.max(16, memoryMib * 3L / 4)));
    parameters.put("maintenance_work_mem", mb(clamp(memoryMib / 16, 16, MAX_MAINTENANCE_MIB)));
    // A quarter of the memory when every connection sorts once.
    parameters.put("work_mem", mb(clamp(memoryMib / 4 / connections, 2, 256)));
    parameters.put("max_connections", Integer.toString(connections));
    return parameters;
  }

  /**
   * The settings of a database: what was asked for, over what follows from its size and rules; and
   * no less than what it follows, or has followed, was set to have.
   */
  public static Map<String, String> of(Instance instance) {
    int memoryMib = instance.spec().memoryMib();
    Map<String, String> parameters = of(memoryMib);
    if (instance.origin() == Api.EXOSCALE) {
      parameters.put("work_mem", mb(Math.min(MOST_SMALL_WORK_MIB, smallWorkMib(memoryMib))));
    }
    long percentage = instance.setup().policy().sharedBuffersPercentage();
    if (percentage > 0) {
      parameters.put("shared_buffers", mb(Math.max(16, memoryMib * percentage / 100)));
    }
    parameters.putAll(instance.setup().parameters());
    instance.replicaOf().ifPresent(origin -> ReplicaRoom.widen(parameters, origin.room()));
    return parameters;
  }

  /** What Exoscale publishes: 1 MB, and 0.075 % of the memory. */
  private static long smallWorkMib(int memoryMib) {
    return 1 + memoryMib * 75L / 100_000;
  }

  /** Those of some settings that a size allows; PostgreSQL would not start with the others. */
  public static Map<String, String> fitting(Map<String, String> settings, InstanceSpec spec) {
    Map<String, String> fitting = new TreeMap<>(settings);
    fitting
        .entrySet()
        .removeIf(
            one -> {
              Matcher amount = AMOUNT.matcher(one.getValue());
              OptionalLong most = mostMib(one.getKey(), spec);
              return most.isPresent() && amount.matches() && kb(amount) > most.getAsLong() * KB;
            });
    if (LockTables.mib(fitting, spec) > LockTables.mostMib(spec)) {
      fitting.keySet().removeAll(LockTables.PARAMETERS);
    }
    return fitting;
  }

  /**
   * How much of a setting a size allows: of the memory, half for what is taken at the start, and of
   * the storage half for the log.
   *
   * @return in MiB; empty for what is no amount
   */
  public static OptionalLong mostMib(String setting, InstanceSpec spec) {
    return switch (setting) {
      case "shared_buffers" -> OptionalLong.of(spec.memoryMib() / 2);
      case "wal_buffers" -> OptionalLong.of(Math.min(MOST_WAL_BUFFERS_MIB, spec.memoryMib() / 2));
      case "max_wal_size", "min_wal_size" -> OptionalLong.of(spec.storageMib() / 2);
      case "work_mem", "maintenance_work_mem", "effective_cache_size" ->
          OptionalLong.of(spec.memoryMib());
      default -> OptionalLong.empty();
    };
  }

  private static long kb(Matcher amount) {
    long number = Long.parseLong(amount.group(1));
    return switch (amount.group(2)) {
      case "GB" -> number * KB * KB;
      case "MB" -> number * KB;
      default -> number;
    };
  }

  private static String mb(long mib) {
    return mib + "MB";
  }

  private static int clamp(int value, int least, int most) {
    return Math.max(least, Math.min(most, value));
  }
}

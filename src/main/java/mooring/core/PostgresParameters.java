package mooring.core;

import java.util.Map;
import java.util.TreeMap;

/** PostgreSQL's memory settings, as shares of what an instance has. */
public final class PostgresParameters {
  private static final int MIB_PER_CONNECTION = 10;
  private static final int MIN_CONNECTIONS = 20;
  private static final int MAX_CONNECTIONS = 1_000;
  private static final int MAX_MAINTENANCE_MIB = 2_048;

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

  private static String mb(long mib) {
    return mib + "MB";
  }

  private static int clamp(int value, int least, int most) {
    return Math.max(least, Math.min(most, value));
  }
}

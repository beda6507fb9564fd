package mooring.core;

import java.util.List;
import java.util.Map;

/**
 * The memory that a PostgreSQL takes at its start to hold locks. Each table has room for what all
 * its processes and prepared transactions may lock.
 */
public final class LockTables {
  /** The settings that make them large. */
  public static final List<String> PARAMETERS =
      List.of(
          "max_locks_per_transaction",
          "max_pred_locks_per_transaction",
          "max_prepared_transactions");

  /** A lock and its two holders, with what a hash table adds. */
  private static final long BYTES_PER_LOCK = 360;

  /** What a serializable transaction has read, and two that have. */
  private static final long BYTES_PER_READ = 230;

  private static final long BYTES_PER_MIB = 1 << 20;
  private static final int SHARE = 4;

  /** Where nothing is asked for: what CloudNativePG or PostgreSQL has, the larger one. */
  private static final Map<String, Integer> USUAL =
      Map.of(
          "max_locks_per_transaction", 64,
          "max_pred_locks_per_transaction", 64,
          "max_prepared_transactions", 0,
          "autovacuum_max_workers", 16,
          "max_worker_processes", 32,
          "max_wal_senders", 20);

  private LockTables() {}

  /** How much settings that are asked for need in an instance of a size, about. */
  public static long mib(Map<String, String> asked, InstanceSpec spec) {
    String connections =
        asked.getOrDefault(
            "max_connections", PostgresParameters.of(spec.memoryMib()).get("max_connections"));
    long holders =
        Long.parseLong(connections)
            + number(asked, "autovacuum_max_workers")
            + number(asked, "max_worker_processes")
            + number(asked, "max_wal_senders")
            + number(asked, "max_prepared_transactions");
    long locks = holders * number(asked, "max_locks_per_transaction");
    long reads = holders * number(asked, "max_pred_locks_per_transaction");
    return (locks * BYTES_PER_LOCK + reads * BYTES_PER_READ) / BYTES_PER_MIB;
  }

  /** How much of its memory an instance of a size has for them. */
  public static long mostMib(InstanceSpec spec) {
    return spec.memoryMib() / SHARE;
  }

  private static long number(Map<String, String> asked, String name) {
    String value = asked.get(name);
    return value == null ? USUAL.get(name) : Long.parseLong(value);
  }
}

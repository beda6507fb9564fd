package mooring.core;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What of PostgreSQL's settings takes effect with a restart only. */
final class RestartParameters {
  private static final Set<String> NAMES =
      Set.of(
          "autovacuum_freeze_max_age",
          "autovacuum_max_workers",
          "io_max_combine_limit",
          "io_max_concurrency",
          "io_method",
          "max_connections",
          "max_files_per_process",
          "max_locks_per_transaction",
          "max_logical_replication_workers",
          "max_pred_locks_per_transaction",
          "max_prepared_transactions",
          "max_replication_slots",
          "max_wal_senders",
          "max_worker_processes",
          "shared_buffers",
          "track_activity_query_size",
          "track_commit_timestamp",
          "wal_buffers");

  /** CloudNativePG loads these libraries at the start as soon as there is a setting of theirs. */
  private static final List<String> LIBRARIES = List.of("pgaudit.", "pg_stat_statements.");

  private RestartParameters() {}

  /** Whether a database needs a restart to have other settings. */
  static boolean differ(Instance before, Instance after) {
    Map<String, String> was = PostgresParameters.of(before);
    Map<String, String> is = PostgresParameters.of(after);
    return NAMES.stream().anyMatch(name -> !Objects.equals(was.get(name), is.get(name)))
        || LIBRARIES.stream().anyMatch(prefix -> loads(was, prefix) != loads(is, prefix));
  }

  private static boolean loads(Map<String, String> parameters, String prefix) {
    return parameters.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }
}

package mooring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.OperationKind;
import mooring.status.Snapshot;
import mooring.status.StatusCache;
import mooring.work.BackupWorker;
import mooring.work.Sweeper;
import mooring.work.Worker;

/** What can be counted at any moment; the rooms that count as they go register their own meters. */
final class Gauges {
  private Gauges() {}

  static void register(
      MeterRegistry meters,
      StatusCache cache,
      Worker worker,
      BackupWorker backups,
      Sweeper sweeper) {
    for (InstanceState state : InstanceState.values()) {
      Gauge.builder("mooring.databases", cache, known -> inState(known, state))
          .description("Databases by state")
          .tag("state", word(state))
          .register(meters);
    }
    for (OperationKind kind : OperationKind.values()) {
      Gauge.builder("mooring.operations", cache, known -> running(known, kind))
          .description("Operations that have not ended, by kind")
          .tag("kind", word(kind))
          .tag("state", "running")
          .register(meters);
    }
    Gauge.builder("mooring.worker.operations", worker, Worker::held)
        .description("Operations that this replica holds")
        .register(meters);
    Gauge.builder("mooring.worker.queue", worker, Worker::queued)
        .description("Operations of this replica that wait for a step")
        .register(meters);
    Gauge.builder("mooring.worker.backups", backups, BackupWorker::held)
        .description("Backups and removals of backups that this replica holds")
        .register(meters);
    Gauge.builder("mooring.unknown.objects", sweeper, Sweeper::unknown)
        .description("Databases on the platform without a row; they are left alone")
        .register(meters);
  }

  private static double inState(StatusCache cache, InstanceState state) {
    return cache.all().stream().filter(known -> known.status().state() == state).count();
  }

  private static double running(StatusCache cache, OperationKind kind) {
    return cache.all().stream()
        .map(Snapshot::instance)
        .map(Instance::operation)
        .filter(operation -> operation.running() && operation.kind() == kind)
        .count();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

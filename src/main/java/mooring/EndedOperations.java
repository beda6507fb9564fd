package mooring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.status.Snapshot;

/**
 * Counts the operations that end while this replica runs, each once however often its database is
 * looked at. An operation that a delete supersedes is not seen to end: the delete takes its place.
 */
final class EndedOperations implements Consumer<Snapshot> {
  static final String NAME = "mooring.operations.ended";

  private final MeterRegistry meters;
  private final Instant since;
  private final Map<UUID, Boolean> counted;

  /**
   * @param since operations that ended before are not counted
   * @param remembered how many counted operations are remembered; more than there are databases
   */
  EndedOperations(MeterRegistry meters, Instant since, int remembered) {
    this.meters = meters;
    this.since = since;
    this.counted =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > remembered;
          }
        };
    for (OperationKind kind : OperationKind.values()) {
      counter(kind, Operation.Outcome.SUCCEEDED);
      counter(kind, Operation.Outcome.FAILED);
    }
  }

  @Override
  public synchronized void accept(Snapshot snapshot) {
    Operation operation = snapshot.instance().operation();
    if (!operation.running()
        && operation.endedAt().isAfter(since)
        && counted.put(operation.id(), true) == null) {
      counter(operation.kind(), operation.outcome()).increment();
    }
  }

  private Counter counter(OperationKind kind, Operation.Outcome outcome) {
    return Counter.builder(NAME)
        .description("Operations that ended since this replica started, by kind and outcome")
        .tag("kind", kind.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(meters);
  }
}

package mooring.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Counts and times the requests of one operation by status; each meter is looked up once. */
final class RequestMeters {
  private static final int STATUSES = 600;

  private final MeterRegistry registry;
  private final String api;
  private final String operation;
  private final AtomicReferenceArray<Timer> byStatus = new AtomicReferenceArray<>(STATUSES);

  RequestMeters(MeterRegistry registry, String api, String operation) {
    this.registry = registry;
    this.api = api;
    this.operation = operation;
  }

  /**
   * Counts one request.
   *
   * @param startedNanos when it came, by {@link System#nanoTime()}
   */
  void count(int status, long startedNanos) {
    Timer timer = byStatus.get(status);
    if (timer == null) {
      timer = register(status);
    }
    timer.record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
  }

  private Timer register(int status) {
    Timer timer =
        Timer.builder("mooring.http.requests")
            .description("Requests answered, and how long the answers took")
            .tag("api", api)
            .tag("operation", operation)
            .tag("status", Integer.toString(status))
            .register(registry);
    byStatus.set(status, timer);
    return timer;
  }
}

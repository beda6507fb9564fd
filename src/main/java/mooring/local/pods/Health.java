package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What the probes of one run of a container have shown. Until the first success they are tried more
 * often than they ask for, which only makes a start faster: failures then count by time.
 */
final class Health {
  private static final Duration EAGER = Duration.ofMillis(250);
  private static final Duration EAGER_TIME = Duration.ofSeconds(10);

  private final Container container;
  private final Instant startedAt;
  private boolean started;
  private boolean ready;
  private int readinessFailures;
  private int livenessFailures;
  private Instant nextReadiness;
  private Instant nextLiveness;

  Health(Container container, Instant startedAt) {
    this.container = container;
    this.startedAt = startedAt;
    started = container.getStartupProbe() == null;
    ready = started && container.getReadinessProbe() == null;
    nextReadiness = startedAt;
    nextLiveness = startedAt;
  }

  boolean isStarted() {
    return started;
  }

  boolean isReady() {
    return ready;
  }

  /**
   * Runs the probes that are due.
   *
   * @return whether the container may go on
   */
  boolean look(Predicate<Probe> succeeds, Instant now) {
    if (!started) {
      return lookAtStart(succeeds, now);
    }
    Probe readiness = container.getReadinessProbe();
    if (readiness == null) {
      ready = true;
    } else if (!now.isBefore(nextReadiness)) {
      readinessFailures = succeeds.test(readiness) ? 0 : readinessFailures + 1;
      if (readinessFailures == 0) {
        ready = true;
      } else if (readinessFailures >= threshold(readiness)) {
        ready = false;
      }
      nextReadiness = now.plus(ready ? period(readiness) : eager(readiness, now));
    }
    return isAlive(succeeds, now);
  }

  private boolean lookAtStart(Predicate<Probe> succeeds, Instant now) {
    Probe startup = container.getStartupProbe();
    if (succeeds.test(startup)) {
      started = true;
      return look(succeeds, now);
    }
    Duration limit = delay(startup).plus(period(startup).multipliedBy(threshold(startup)));
    return now.isBefore(startedAt.plus(limit));
  }

  private boolean isAlive(Predicate<Probe> succeeds, Instant now) {
    Probe liveness = container.getLivenessProbe();
    if (liveness == null
        || now.isBefore(nextLiveness)
        || now.isBefore(startedAt.plus(delay(liveness)))) {
      return true;
    }
    livenessFailures = succeeds.test(liveness) ? 0 : livenessFailures + 1;
    nextLiveness = now.plus(period(liveness));
    return livenessFailures < threshold(liveness);
  }

  /** When to look again. */
  Duration untilNextLook(Instant now) {
    if (!started) {
      return eager(container.getStartupProbe(), now);
    }
    Duration next = Duration.ofSeconds(10);
    if (container.getReadinessProbe() != null) {
      next = shorter(next, Duration.between(now, nextReadiness));
    }
    if (container.getLivenessProbe() != null) {
      next = shorter(next, Duration.between(now, nextLiveness));
    }
    return next.isNegative() ? Duration.ZERO : next;
  }

  private Duration eager(Probe probe, Instant now) {
    boolean young = now.isBefore(startedAt.plus(EAGER_TIME));
    return young ? shorter(EAGER, period(probe)) : shorter(Duration.ofSeconds(1), period(probe));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration delay(Probe probe) {
    return Duration.ofSeconds(ProbeRunner.orElse(probe.getInitialDelaySeconds(), 0));
  }

  private static Duration period(Probe probe) {
    return Duration.ofSeconds(ProbeRunner.orElse(probe.getPeriodSeconds(), 10));
  }

  private static int threshold(Probe probe) {
    return ProbeRunner.orElse(probe.getFailureThreshold(), 3);
  }
}

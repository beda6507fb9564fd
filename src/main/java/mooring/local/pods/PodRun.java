package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What the kubelet remembers of a Pod that it runs. Used by one thread at a time. */
final class PodRun {
  private static final Duration STABLE = Duration.ofMinutes(1);

  /**
   * How a container ended.
   *
   * @param message the end of what it wrote
   */
  record End(int exitCode, String message, Instant startedAt, Instant finishedAt) {}

  final String uid;
  final Map<String, Instant> since = new HashMap<>();
  Launch launch;
  volatile PodProcess process;
  Health health;
  End lastEnd;
  int restarts;
  private Instant nextStart = Instant.EPOCH;
  String waitingReason = WaitingException.CREATING;
  String waitingMessage = "";
  Map<String, Object> written = Map.of();
  private int crashes;

  /** The Pod as it was when the container was last given its files. */
  PodRun(Pod pod) {
    uid = pod.getMetadata().getUid();
    if (pod.getStatus() != null && pod.getStatus().getContainerStatuses() != null) {
      pod.getStatus().getContainerStatuses().stream()
          .findFirst()
          .ifPresent(status -> restarts = ProbeRunner.orElse(status.getRestartCount(), 0));
    }
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  boolean isReady() {
    return isRunning() && health.isReady();
  }

  void started(Launch how, PodProcess running, Health fresh) {
    if (lastEnd != null) {
      restarts++;
    }
    launch = how;
    process = running;
    health = fresh;
    waitingMessage = "";
  }

  void waiting(String reason, String message) {
    waitingReason = reason;
    waitingMessage = message;
  }

  /** Notes that the container ended; the first time it is started again at once. */
  void ended(String lastWords, Duration longestBackOff) {
    Instant now = Instant.now();
    lastEnd = new End(process.exitCode(), lastWords, process.startedAt(), now);
    boolean wasStable = Duration.between(process.startedAt(), now).compareTo(STABLE) > 0;
    crashes = wasStable ? 1 : crashes + 1;
    process = null;
    nextStart = now.plus(backOff(longestBackOff));
  }

  Duration backOff(Duration longest) {
    Duration delay =
        crashes <= 1 ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(crashes - 2, 10));
    return delay.compareTo(longest) < 0 ? delay : longest;
  }

  /** Whether it is too early for another start. */
  boolean hasToWait() {
    return Instant.now().isBefore(nextStart);
  }

  Duration untilStart() {
    return Duration.between(Instant.now(), nextStart);
  }

  /** It was stopped to be started in another way: no crash. */
  void stopped() {
    process = null;
    nextStart = Instant.EPOCH;
  }
}

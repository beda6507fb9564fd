package mooring.work;

import java.time.Duration;

/**
 * The limits of a worker.
 *
 * @param owner names this replica in the leases
 * @param lease how long an operation is held without a renewal; also how long a takeover waits
 * @param longestStep how long one step may take at most before another may take over
 * @param poll how often free operations are looked for when nothing announces one
 * @param maxJobs how many operations are held at most
 * @param maxSteps how many of them talk to the store or the platform at the same time
 */
public record WorkerSettings(
    String owner, Duration lease, Duration longestStep, Duration poll, int maxJobs, int maxSteps) {

  /** What a server uses. */
  public static WorkerSettings standard(String owner) {
    return new WorkerSettings(
        owner, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(1), 10_000, 16);
  }
}

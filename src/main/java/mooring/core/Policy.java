package mooring.core;

/**
 * The rules that a database is kept by.
 *
 * @param deletionProtected whether its deletion is refused, whoever asks
 * @param sharedBuffersPercentage how much of its memory PostgreSQL takes at the start; 0 for the
 *     usual quarter
 * @param failoverDelaySeconds how long its primary may be away before a standby takes its place
 */
public record Policy(
    boolean deletionProtected, int sharedBuffersPercentage, int failoverDelaySeconds) {

  /** None beyond what holds for all. */
  public static final Policy NONE = new Policy(false, 0, 0);

  /** With or without protection from deletion. */
  public Policy withDeletionProtected(boolean on) {
    return new Policy(on, sharedBuffersPercentage, failoverDelaySeconds);
  }

  /** With another share of the memory. */
  public Policy withSharedBuffersPercentage(int percentage) {
    return new Policy(deletionProtected, percentage, failoverDelaySeconds);
  }

  /** With another patience with a primary that is away. */
  public Policy withFailoverDelay(int seconds) {
    return new Policy(deletionProtected, sharedBuffersPercentage, seconds);
  }
}

package mooring.local.operator;

/**
 * Whether a server that runs answers, as the kubelet judges by its probes. Every server that is
 * started has its own, so that the answer another one owed says nothing of it.
 */
final class Readiness {
  private final int tolerated;
  private int failures;
  private volatile boolean ready = true;

  /**
   * Of a server that has just taken connections.
   *
   * @param tolerated how many failures in a row make it not ready
   */
  Readiness(int tolerated) {
    this.tolerated = tolerated;
  }

  boolean isReady() {
    return ready;
  }

  /**
   * Takes the result of a probe; they come one after the other.
   *
   * @return whether it makes a difference
   */
  boolean probed(boolean answered) {
    failures = answered ? 0 : Math.min(failures + 1, tolerated);
    boolean before = ready;
    ready = answered || (before && failures < tolerated);
    return ready != before;
  }
}

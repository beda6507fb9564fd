package mooring.local.operator;

/** A Cluster cannot run now; the phase and the reason belong into its status. */
final class NotReadyException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Phase phase;

  NotReadyException(Phase phase, String reason) {
    super(reason);
    this.phase = phase;
  }

  Phase phase() {
    return phase;
  }
}

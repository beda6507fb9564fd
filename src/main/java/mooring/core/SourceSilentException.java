package mooring.core;

/** A database that others are recovered from does not answer, or not what it was asked. */
public final class SourceSilentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean answered;

  /**
   * @param message why, in words for the operator of the platform; with nothing of the login
   */
  public SourceSilentException(String message) {
    this(message, false);
  }

  /**
   * The same of a server that may have been reached.
   *
   * @param answered whether it has said something, such as that it does not let this login in
   */
  public SourceSilentException(String message, boolean answered) {
    // Without a cause: a driver's own exceptions may quote what was sent.
    super(message, null, false, false);
    this.answered = answered;
  }

  /** Whether the server was reached, and has answered with a failure. */
  public boolean answered() {
    return answered;
  }
}

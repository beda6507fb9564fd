package mooring.core;

/** A database that others are recovered from does not answer, or not what it was asked. */
public final class SourceSilentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message why, in words for the operator of the platform; with nothing of the login
   */
  public SourceSilentException(String message) {
    // Without a cause: a driver's own exceptions may quote what was sent.
    super(message, null, false, false);
  }
}

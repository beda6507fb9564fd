package mooring.local.postgres;

/**
 * A PostgreSQL server could not be installed, created, started or reached; the message says why.
 */
public sealed class PostgresException extends RuntimeException
    permits ProgramFailedException, RefusedSettingsException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure of its own.
   *
   * @param message what failed and why, without secrets
   */
  public PostgresException(String message) {
    super(message);
  }

  /**
   * A failure that another one led to.
   *
   * @param message what failed and why, without secrets
   * @param cause what led to it
   */
  public PostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}

package mooring.local.postgres;

/** PostgreSQL itself says that it cannot run with some settings: trying again is of no use. */
public final class RefusedSettingsException extends PostgresException {
  private static final long serialVersionUID = 1L;

  RefusedSettingsException(String message, PostgresException cause) {
    super(message, cause);
  }
}

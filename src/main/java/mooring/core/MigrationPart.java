package mooring.core;

/**
 * A part of a migration that is done in one go: asking the source which logical databases it has,
 * or the copy of one of them.
 *
 * @param copy the number of the copy; -1 for asking
 * @param database what is copied; null for asking
 * @param address of the source, which alone is connected to
 * @param password of who logs in there
 */
public record MigrationPart(int copy, String database, String address, String password) {

  /** Asking. */
  public static MigrationPart list(String address, String password) {
    return new MigrationPart(-1, null, address, password);
  }

  /** Names no password. */
  @Override
  public String toString() {
    return "MigrationPart[" + copy + ", " + database + "]";
  }
}

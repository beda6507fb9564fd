package mooring.core;

/**
 * What somebody asks to be imported.
 *
 * @param source where the data are
 * @param password of who logs in there; empty for none
 */
public record MigrationWish(Migration.Source source, String password) {

  /** Names no password. */
  @Override
  public String toString() {
    return "MigrationWish[" + source + "]";
  }
}

package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * A logical database that a client made within a database. Those that it was made with are not
 * among them: {@link Instance#firstDatabases()}.
 *
 * @param id its id, by which its object is named
 * @param name in the servers
 * @param owner the role that owns it
 * @param locale how text in it is sorted and what its letters are
 * @param stage how far it is
 * @param createdAt when it was asked for
 */
public record LogicalDatabase(
    UUID id, String name, String owner, Locale locale, Stage stage, Instant createdAt) {

  /**
   * A locale, as the servers' system names it.
   *
   * @param collate for sorting; null for the servers' own
   * @param ctype for letters; null for the servers' own
   */
  public record Locale(String collate, String ctype) {
    /** The servers' own. */
    public static final Locale OWN = new Locale(null, null);
  }

  /** With the servers' own locale. */
  public LogicalDatabase(UUID id, String name, String owner, Stage stage, Instant createdAt) {
    this(id, name, owner, Locale.OWN, stage, createdAt);
  }

  /** At another stage. */
  public LogicalDatabase at(Stage other) {
    return new LogicalDatabase(id, name, owner, locale, other, createdAt);
  }
}

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
 * @param stage how far it is
 * @param createdAt when it was asked for
 */
public record LogicalDatabase(UUID id, String name, String owner, Stage stage, Instant createdAt) {

  /** At another stage. */
  public LogicalDatabase at(Stage other) {
    return new LogicalDatabase(id, name, owner, other, createdAt);
  }
}

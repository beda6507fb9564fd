package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * A role that a client made on a database's servers. The one that the database was made with is not
 * among them: {@link Instance#owner()}.
 *
 * @param id its id, by which its password is kept and its objects are named
 * @param name in the servers
 * @param stage how far it is
 * @param createdAt when it was asked for
 * @param modifiedAt when its last change was asked for
 */
public record Role(UUID id, String name, Stage stage, Instant createdAt, Instant modifiedAt) {

  /** At another stage. */
  public Role at(Stage other) {
    return new Role(id, name, other, createdAt, modifiedAt);
  }
}

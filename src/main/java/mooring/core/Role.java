package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * A role that a client made on a database's servers. The one that the database was made with is not
 * among them: {@link Instance#owner()}.
 *
 * @param id its id, by which its password is kept and its objects are named
 * @param name in the servers
 * @param replication whether it may stream what the servers write
 * @param stage how far it is
 * @param createdAt when it was asked for
 * @param modifiedAt when its last change was asked for
 */
public record Role(
    UUID id, String name, boolean replication, Stage stage, Instant createdAt, Instant modifiedAt) {

  /** One that may not replicate. */
  public Role(UUID id, String name, Stage stage, Instant createdAt, Instant modifiedAt) {
    this(id, name, false, stage, createdAt, modifiedAt);
  }

  /** At another stage. */
  public Role at(Stage other) {
    return new Role(id, name, replication, other, createdAt, modifiedAt);
  }

  /** To be changed, as it was asked for at a moment. */
  Role changing(Stage change, Instant now) {
    boolean other = change == Stage.SWITCHING;
    return new Role(id, name, other != replication, change, createdAt, now);
  }

  /** As it was before what was last asked for it. */
  public Role before() {
    return new Role(
        id, name, (stage == Stage.SWITCHING) != replication, Stage.THERE, createdAt, modifiedAt);
  }
}

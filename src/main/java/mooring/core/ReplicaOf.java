package mooring.core;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Of which database another one is a read replica, or was.
 *
 * @param source the database that is followed
 * @param sourceHandle its handle
 * @param cluster the name of the object that carries its servers
 * @param room settings of which there is no less than the source had when it began to be followed
 * @param promotedAt when it was asked to become a database of its own; null while it is to follow
 * @param own whether it has become one
 */
public record ReplicaOf(
    UUID source,
    String sourceHandle,
    String cluster,
    Map<String, String> room,
    Instant promotedAt,
    boolean own) {

  public ReplicaOf {
    room = Map.copyOf(room);
  }

  /** Of a database as it is now. */
  public static ReplicaOf of(Instance source) {
    return new ReplicaOf(
        source.id(), source.handle(), source.clusterName(), ReplicaRoom.of(source), null, false);
  }

  /** Whether it is to follow. */
  public boolean follows() {
    return promotedAt == null;
  }

  /** To become a database of its own. */
  public ReplicaOf promoted(Instant now) {
    return new ReplicaOf(source, sourceHandle, cluster, room, now, false);
  }

  /** Being one: the source and it have nothing to do with each other any more. */
  ReplicaOf detached() {
    return new ReplicaOf(source, sourceHandle, cluster, room, promotedAt, true);
  }
}

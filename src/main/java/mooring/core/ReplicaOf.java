package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * Of which database another one is a read replica, or was.
 *
 * @param source the database that is followed
 * @param sourceHandle its handle
 * @param cluster the name of the object that carries its servers
 * @param promotedAt when it was asked to become a database of its own; null while it is to follow
 */
public record ReplicaOf(UUID source, String sourceHandle, String cluster, Instant promotedAt) {

  /** Of a database as it is now. */
  public static ReplicaOf of(Instance source) {
    return new ReplicaOf(source.id(), source.handle(), source.clusterName(), null);
  }

  /** Whether it is to follow. */
  public boolean follows() {
    return promotedAt == null;
  }

  /** To become a database of its own. */
  ReplicaOf promoted(Instant now) {
    return new ReplicaOf(source, sourceHandle, cluster, now);
  }
}

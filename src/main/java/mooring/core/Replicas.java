package mooring.core;

import java.util.List;

/** The rules of read replicas. */
public final class Replicas {
  private Replicas() {}

  /**
   * Refuses what a read replica cannot do by itself: what it holds, its source holds, and it is
   * changed there.
   */
  static void requireOwn(Instance instance, OperationKind kind) {
    boolean own =
        switch (kind) {
          case RESET_PASSWORD, ADMINISTER, UPGRADE, RESTORE -> false;
          default -> true;
        };
    if (!own) {
      requireOwn(instance);
    }
  }

  /** Refuses a read replica. */
  static void requireOwn(Instance instance) {
    if (instance.isReplica()) {
      throw refused(
          "the database is a read replica: this is done at its source, "
              + instance.replicaOf().orElseThrow().sourceHandle()
              + ", or once it is promoted");
    }
  }

  /** Refuses poolers of a read replica: they need a role that nobody can make there. */
  static void requireNoPoolers(Instance wanted) {
    if (wanted.setup().pooler() != null || !wanted.setup().pools().all().isEmpty()) {
      requireOwn(wanted);
    }
  }

  /** Refuses a source that is not up. */
  static void requireUp(Instance source, Observation seen) {
    Status status = Lifecycle.status(source, seen);
    boolean up =
        switch (status.state()) {
          case RUNNING, DEGRADED, UPDATING -> true;
          default -> false;
        };
    if (!up || !status.serving()) {
      throw refused("the database " + source.handle() + " must be running to be followed");
    }
  }

  /**
   * Refuses a read replica that its source cannot have, as the source is when that is accepted; to
   * be asked while nobody else can change it.
   */
  public static void requireFollowable(Instance source, Draft replica) {
    if (source.deleted()) {
      throw new ProblemException(new Problem.NotFound("database not found"));
    }
    if (source.isReplica()) {
      throw refused(
          "the database " + source.handle() + " is a read replica, and cannot be followed itself");
    }
    boolean busy = source.operation().running() && excludes(source.operation().kind());
    ReplicaOf known = replica.setup().lineage().replicaOf();
    boolean same =
        source.spec().engine() == replica.spec().engine()
            && source.spec().version().equals(replica.spec().version())
            && source.clusterName().equals(known.cluster())
            && source.spec().storageMib() <= replica.spec().storageMib();
    if (busy || !same || source.desired() != Desired.RUNNING) {
      throw refused("the database " + source.handle() + " is being changed and cannot be followed");
    }
  }

  /** Whether something can be done only with a database that has no read replicas. */
  public static boolean excludes(OperationKind kind) {
    return switch (kind) {
      case CREATE, DELETE, UPGRADE, RESTORE -> true;
      default -> false;
    };
  }

  /** Refuses a source that would have more than a read replica has room for. */
  public static void requireRoom(Instance source, Instance replica) {
    if (replica.follows() && source.spec().storageMib() > replica.spec().storageMib()) {
      throw refused(
          "the disk of the read replica " + replica.handle() + " is smaller: resize it first");
    }
  }

  /** Refuses what cannot be done with a database that is followed. */
  public static ProblemException followed(List<String> replicas) {
    return refused(
        "the database is followed by the read replicas "
            + String.join(", ", replicas)
            + ": delete or promote them first");
  }

  private static ProblemException refused(String message) {
    return new ProblemException(new Problem.Conflict(message));
  }
}

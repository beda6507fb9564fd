package mooring.core;

import java.util.List;

/** The rules of read replicas. */
public final class Replicas {
  private Replicas() {}

  /**
   * Refuses what a read replica cannot do by itself: what it holds, its source holds, and it is
   * changed there. Of one whose promotion has not succeeded nobody knows whether it still follows.
   */
  static void requireOwn(Instance instance, OperationKind kind) {
    boolean promoting = instance.isReplica() && !instance.follows();
    if (promoting && kind != OperationKind.PROMOTE && kind != OperationKind.DELETE) {
      throw refused(
          "the database is a read replica that is being promoted: ask for that again where it has"
              + " failed, or delete it");
    }
    boolean own =
        switch (kind) {
          case RESET_PASSWORD, ADMINISTER, MIGRATE, UPGRADE, RESTORE -> false;
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
            && known.room().equals(ReplicaRoom.of(source))
            && source.spec().storageMib() <= replica.spec().storageMib();
    if (busy || !same || source.desired() != Desired.RUNNING) {
      throw refused("the database " + source.handle() + " is being changed and cannot be followed");
    }
  }

  private static boolean excludes(OperationKind kind) {
    return switch (kind) {
      case CREATE, DELETE, UPGRADE, RESTORE -> true;
      default -> false;
    };
  }

  /**
   * Refuses what cannot be done with a database because of its read replicas; to be asked while
   * nobody else can change it.
   *
   * @param known as it is
   * @param wanted as it is to be
   */
  public static void requireAllowed(
      Instance known, Instance wanted, OperationKind kind, List<Instance> replicas) {
    if (excludes(kind) && !replicas.isEmpty()) {
      throw followed(replicas.stream().map(Instance::handle).toList());
    }
    for (Instance replica : replicas) {
      if (changesLogins(kind) && !replica.follows()) {
        throw refused(
            "its read replica "
                + replica.handle()
                + " is being promoted, and takes the users and databases along as they are");
      }
      if (kind == OperationKind.RESIZE) {
        requireRoom(wanted, replica);
      }
      requireSettings(known, wanted, replica);
    }
  }

  /**
   * Refuses what a read replica cannot do because of its source, which nobody else can change.
   *
   * @param known as it is
   * @param wanted as it is to be
   */
  public static void requireAllowed(
      Instance known, Instance wanted, OperationKind kind, Instance source) {
    Operation latest = source.operation();
    if (kind == OperationKind.PROMOTE && latest.running() && changesLogins(latest.kind())) {
      throw refused(
          "the users or databases of its source, " + source.handle() + ", are being changed");
    }
    if (changesSettings(kind)) {
      ReplicaRoom.lowered(known, wanted, source)
          .ifPresent(
              name -> {
                throw refused(
                    "a read replica needs as much " + name + " as its source, " + source.handle());
              });
    }
  }

  private static boolean changesLogins(OperationKind kind) {
    return switch (kind) {
      case ADMINISTER, RESET_PASSWORD, MIGRATE -> true;
      default -> false;
    };
  }

  private static boolean changesSettings(OperationKind kind) {
    return switch (kind) {
      case RESIZE, UPDATE, RESTART -> true;
      default -> false;
    };
  }

  private static void requireSettings(Instance known, Instance wanted, Instance replica) {
    ReplicaRoom.raised(known, wanted, replica)
        .ifPresent(
            name -> {
              throw refused(
                  "the read replica "
                      + replica.handle()
                      + " has less "
                      + name
                      + ": change it first");
            });
    Operation latest = replica.operation();
    boolean changing =
        latest.outcome() != Operation.Outcome.SUCCEEDED && changesSettings(latest.kind());
    if (changing && !ReplicaRoom.of(known).equals(ReplicaRoom.of(wanted))) {
      throw refused("the read replica " + replica.handle() + " is being changed itself");
    }
  }

  private static void requireRoom(Instance source, Instance replica) {
    if (source.spec().storageMib() > replica.spec().storageMib()) {
      throw refused(
          "the disk of the read replica " + replica.handle() + " is smaller: resize it first");
    }
  }

  private static ProblemException followed(List<String> replicas) {
    return refused(
        "the database is followed by the read replicas "
            + String.join(", ", replicas)
            + ": delete or promote them first");
  }

  private static ProblemException refused(String message) {
    return new ProblemException(new Problem.Conflict(message));
  }
}

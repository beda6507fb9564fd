package mooring.core;

import static mooring.core.InstanceState.DEGRADED;
import static mooring.core.InstanceState.DELETED;
import static mooring.core.InstanceState.DELETING;
import static mooring.core.InstanceState.FAILED;
import static mooring.core.InstanceState.PENDING;
import static mooring.core.InstanceState.RUNNING;
import static mooring.core.InstanceState.STOPPED;
import static mooring.core.InstanceState.STOPPING;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;
import mooring.core.Operation.Outcome;

/**
 * The rules of a database's life, as pure functions: the same inputs give the same answer on every
 * replica, and nothing is stored that could disagree with the facts.
 */
public final class Lifecycle {
  private static final String MISSING =
      "the database's cluster object is missing; it is never made anew and empty";

  private Lifecycle() {}

  /** How a database is doing, from what is wanted and what was last seen. */
  public static Status status(Instance instance, Observation seen) {
    boolean serving = seen.facts().readyInstances() > 0 && seen.facts().addressReady();
    InstanceState state = state(instance, seen);
    Operation operation = instance.operation();
    if (state == DELETED) {
      return new Status(DELETED, DELETED, false, null);
    }
    if (state == DELETING && operation.kind() == OperationKind.DELETE) {
      return new Status(DELETING, operation.acceptedIn(), serving, null);
    }
    return new Status(state, state, serving, state == FAILED ? reason(instance, seen) : null);
  }

  /** Whether an operation's goal is real. Time plays no part: only the worker ends by deadline. */
  public static boolean reached(Instance instance, Observation seen) {
    Operation operation = instance.operation();
    if (operation.kind() == OperationKind.DELETE) {
      return seen.condition() == Condition.ABSENT;
    }
    if (operation.platformVersion() == null || within(operation.kind())) {
      // What is within the servers is not observed: who administers them asks.
      return false;
    }
    long applied = operation.platformVersion();
    if (operation.kind() == OperationKind.RESET_PASSWORD) {
      return seen.facts().passwordVersion() >= applied;
    }
    boolean shown =
        outdated(instance) ? seen.objectVersion() > applied : seen.objectVersion() >= applied;
    return shown
        && (asWanted(instance, seen) || (poolersSettled(instance, seen) && serves(instance, seen)));
  }

  /** Whether it changes what is within the servers only. */
  private static boolean within(OperationKind kind) {
    return switch (kind) {
      case ADMINISTER, MIGRATE, STOP_MIGRATION -> true;
      default -> false;
    };
  }

  /**
   * Whether the version that was applied still shows the condition from before: a server that was
   * up before looks healthy until the platform has begun with what it is asked.
   */
  private static boolean outdated(Instance instance) {
    return switch (instance.operation().kind()) {
      case START, RESTART, RESIZE, PROMOTE -> instance.desired() == Desired.RUNNING;
      default -> false;
    };
  }

  /**
   * Whether a recovery, an upgrade, a change of a connection pool or what asks the servers for
   * something else cannot succeed: the platform has tried, and says that it is of no use.
   */
  public static boolean hopeless(Instance instance, Observation seen) {
    Map<Integer, String> wanted = instance.setup().pools().digests();
    boolean unpooled =
        seen.facts().pools().stream()
            .anyMatch(
                pool ->
                    changes(instance, pool)
                        && pool.doing() == SeenPool.Doing.FAILED
                        && pool.settings().equals(wanted.get(pool.number())));
    return unpooled ? shown(instance.operation(), seen) : unrecoverable(instance, seen);
  }

  /** Whether what an operation has applied is gone since: it is never made anew. */
  public static boolean vanished(Instance instance, Observation seen) {
    Long applied = instance.operation().platformVersion();
    return applied != null
        && seen.version() >= applied
        && condition(instance, seen) == Condition.ABSENT;
  }

  private static boolean unrecoverable(Instance instance, Observation seen) {
    OperationKind kind = instance.operation().kind();
    boolean recovery =
        (kind == OperationKind.CREATE || kind == OperationKind.RESTORE)
            && (instance.setup().recovery() != null || instance.follows());
    Condition condition = condition(instance, seen);
    boolean hopeless =
        switch (condition) {
          case BROKEN -> recovery || kind == OperationKind.UPGRADE;
          case REFUSED -> recovery || kind == OperationKind.UPGRADE || asks(kind);
          default -> false;
        };
    return hopeless && shown(instance.operation(), seen);
  }

  /** Whether it says what the servers are to be like. */
  private static boolean asks(OperationKind kind) {
    return switch (kind) {
      case CREATE, UPDATE, RESTART, RESIZE -> true;
      default -> false;
    };
  }

  /** Whether the servers of a restore in place could serve, if the address led to them. */
  public static boolean restored(Instance instance, Observation seen) {
    return instance.operation().kind() == OperationKind.RESTORE
        && shown(instance.operation(), seen)
        && complete(instance, seen);
  }

  private static boolean shown(Operation operation, Observation seen) {
    return operation.platformVersion() != null
        && seen.objectVersion() >= operation.platformVersion();
  }

  /**
   * What the platform says of the servers that are wanted; where it shows those of another
   * generation only, they are absent.
   */
  public static Condition condition(Instance instance, Observation seen) {
    return seen.facts().generation() == instance.generation() ? seen.condition() : Condition.ABSENT;
  }

  /**
   * Whether a command is legal now. A running operation forbids every other, except that a delete
   * supersedes it; a failed database accepts another try of what failed.
   */
  public static boolean accepts(Instance instance, Observation seen, OperationKind command) {
    Operation latest = instance.operation();
    InstanceState state = state(instance, seen);
    if (command == OperationKind.DELETE) {
      return state != DELETED && !deleting(latest);
    }
    if (command == OperationKind.STOP_MIGRATION) {
      boolean again = latest.kind() == command && latest.outcome() == Outcome.FAILED;
      return again || (latest.running() && latest.kind() == OperationKind.MIGRATE);
    }
    if (latest.running() || command == OperationKind.CREATE) {
      return false;
    }
    boolean again =
        state == FAILED
            && ((latest.outcome() == Outcome.FAILED && latest.kind() == command)
                || takesBack(command, instance, seen));
    return switch (command) {
      case START -> state == STOPPED || again;
      case STOP -> up(state) || again;
      case RESIZE -> up(state) || state == STOPPED || again;
      case RESTORE -> up(state) || state == FAILED;
      case RESTART, UPDATE, RESET_PASSWORD, ADMINISTER, UPGRADE, PROMOTE -> up(state) || again;
      case MIGRATE -> state == RUNNING;
      case CREATE, DELETE, STOP_MIGRATION -> throw new IllegalStateException("decided above");
    };
  }

  /** What is refused, whenever it was asked for, a change may give up; but of what never ran. */
  private static boolean takesBack(OperationKind command, Instance instance, Observation seen) {
    Operation latest = instance.operation();
    boolean ran = latest.kind() != OperationKind.CREATE || latest.outcome() == Outcome.SUCCEEDED;
    return ran && condition(instance, seen) == Condition.REFUSED && alters(command);
  }

  private static boolean alters(OperationKind kind) {
    return kind != OperationKind.CREATE && asks(kind);
  }

  private static InstanceState state(Instance instance, Observation seen) {
    if (instance.deleted()) {
      return DELETED;
    }
    Operation latest = instance.operation();
    if (latest.running()) {
      return underWay(latest, seen);
    }
    if (latest.outcome() == Outcome.SUCCEEDED && behind(latest, seen)) {
      return instance.desired() == Desired.STOPPED ? STOPPED : RUNNING;
    }
    InstanceState fact = fact(instance, seen);
    // What failed of these has left everything as it was.
    boolean undone = latest.kind() == OperationKind.RESET_PASSWORD || within(latest.kind());
    // Poolers that do not run leave the servers as they are wanted.
    boolean done = asWanted(instance, seen) || serves(instance, seen);
    if (latest.outcome() == Outcome.FAILED && !undone && !done) {
      return FAILED;
    }
    return fact;
  }

  private static InstanceState underWay(Operation operation, Observation seen) {
    boolean untouched =
        operation.kind() == OperationKind.CREATE
            && operation.platformVersion() == null
            && seen.condition() == Condition.ABSENT;
    return untouched ? PENDING : operation.kind().underWay();
  }

  /** The state that the facts alone show, when nothing is under way. */
  private static InstanceState fact(Instance instance, Observation seen) {
    return switch (condition(instance, seen)) {
      case ABSENT, BROKEN, REFUSED -> FAILED;
      case DELETING -> DELETING;
      case STOPPING -> STOPPING;
      case STOPPED -> instance.desired() == Desired.STOPPED ? STOPPED : DEGRADED;
      default -> asWanted(instance, seen) ? RUNNING : DEGRADED;
    };
  }

  /** A condition is believed only when the facts agree. */
  private static boolean asWanted(Instance instance, Observation seen) {
    return instance.desired() == Desired.STOPPED
        ? condition(instance, seen) == Condition.STOPPED
        : seen.facts().pooler() == instance.setup().pooler()
            && pooled(instance, seen, pool -> pool.doing() == SeenPool.Doing.RUNNING)
            && serves(instance, seen);
  }

  /**
   * A pooler that does not run holds nothing up, it is told by the state; but for the change of a
   * connection pool, which is to be real.
   */
  private static boolean poolersSettled(Instance instance, Observation seen) {
    Facts facts = seen.facts();
    return (facts.pooler() == instance.setup().pooler() || facts.poolerFailed())
        && pooled(
            instance,
            seen,
            pool ->
                pool.doing() == SeenPool.Doing.RUNNING
                    || (pool.down() && !changes(instance, pool)));
  }

  /** Whether there are the wanted connection pools, as they are wanted, and all do something. */
  private static boolean pooled(Instance instance, Observation seen, Predicate<SeenPool> doing) {
    Map<Integer, String> wanted = instance.setup().pools().digests();
    Set<SeenPool> pools = seen.facts().pools();
    return pools.size() == wanted.size()
        && pools.stream()
            .allMatch(
                pool -> pool.settings().equals(wanted.get(pool.number())) && doing.test(pool));
  }

  /** Whether a pool is what the operation changes. */
  private static boolean changes(Instance instance, SeenPool pool) {
    return instance.operation().kind() == OperationKind.UPDATE
        && instance.operation().id().equals(pool.changedBy());
  }

  private static boolean serves(Instance instance, Observation seen) {
    return instance.desired() == Desired.RUNNING
        && seen.facts().addressReady()
        && complete(instance, seen);
  }

  private static boolean complete(Instance instance, Observation seen) {
    Facts facts = seen.facts();
    InstanceSpec spec = instance.spec();
    return condition(instance, seen) == Condition.HEALTHY
        && facts.readyInstances() >= spec.instances()
        && facts.instances() == spec.instances()
        && spec.version().equals(facts.version())
        && facts.cpuMilli() == spec.cpuMilli()
        && facts.memoryMib() == spec.memoryMib()
        && facts.storageMib() >= spec.storageMib();
  }

  /** Whether this replica has not yet seen what the operation's worker saw when it ended it. */
  private static boolean behind(Operation latest, Observation seen) {
    return latest.platformVersion() != null && seen.version() < latest.platformVersion();
  }

  private static boolean up(InstanceState state) {
    return state == RUNNING || state == DEGRADED;
  }

  private static boolean deleting(Operation latest) {
    return latest.kind() == OperationKind.DELETE && latest.running();
  }

  private static String reason(Instance instance, Observation seen) {
    boolean fault =
        switch (seen.condition()) {
          case BROKEN, REFUSED, FAULTY -> true;
          default -> false;
        };
    if (fault && seen.message() != null) {
      // What is wrong now; an operation knows only what was wrong when it ended.
      return seen.message();
    }
    Operation latest = instance.operation();
    if (latest.outcome() == Outcome.FAILED && latest.reason() != null) {
      return latest.reason();
    }
    if (condition(instance, seen) == Condition.ABSENT) {
      return MISSING;
    }
    return seen.message() == null ? "the platform reports a lasting fault" : seen.message();
  }
}

package mooring.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import mooring.core.Observation.Condition;
import mooring.core.Observation.Facts;
import mooring.core.Operation.Outcome;

/** Databases, operations and observations for tests. */
public final class Samples {
  public static final UUID TENANT = UUID.fromString("00000000-0000-0000-0000-00000000000a");
  public static final Address ADDRESS = new Address("127.77.0.1", 5432);
  public static final Instant START = Instant.parse("2024-01-15T10:30:00Z");
  public static final InstanceSpec SPEC =
      new InstanceSpec(Engine.POSTGRESQL, "16", 2000, 4096, 51_200, 1, "nyc1");
  public static final Facts GOOD = new Facts("16", 1, 1, 2000, 4096, 51_200, true, ADDRESS, 0);

  private Samples() {}

  /** An operation that was accepted when the database was running. */
  public static Operation operation(OperationKind kind, Outcome outcome, Long platformVersion) {
    return operation(UUID.randomUUID(), kind, outcome, platformVersion);
  }

  /** An operation of a certain database. */
  public static Operation operation(
      UUID instance, OperationKind kind, Outcome outcome, Long platformVersion) {
    Instant ended = outcome == Outcome.RUNNING ? null : START.plusSeconds(5);
    String reason = outcome == Outcome.FAILED ? "it took too long" : null;
    InstanceState before =
        kind == OperationKind.CREATE ? InstanceState.PENDING : InstanceState.RUNNING;
    return new Operation(
        UUID.randomUUID(),
        instance,
        kind,
        outcome,
        reason,
        before,
        platformVersion,
        1,
        START.plus(Duration.ofMinutes(15)),
        START,
        ended);
  }

  /** A database whose latest operation this is. */
  public static Instance instance(Desired desired, Operation operation) {
    boolean gone =
        operation.kind() == OperationKind.DELETE && operation.outcome() == Outcome.SUCCEEDED;
    return new Instance(
        operation.instance(),
        operation.instance().toString().substring(0, 8),
        TENANT,
        Api.UNCLOUD,
        "main-postgres",
        "main-postgres",
        SPEC,
        ADDRESS,
        "app_user",
        "main_postgres",
        desired,
        Setup.NONE,
        Contents.NONE,
        null,
        Map.of("plan_id", "db-s-2vcpu-4gb"),
        START,
        gone ? START.plusSeconds(9) : null,
        1,
        operation);
  }

  /** The same database in another revision of its row. */
  public static Instance revised(Instance from, long revision) {
    return new Instance(
        from.id(),
        from.shortId(),
        from.tenant(),
        from.origin(),
        from.name(),
        from.handle(),
        from.spec(),
        from.address(),
        from.owner(),
        from.database(),
        from.desired(),
        from.setup(),
        from.contents(),
        null,
        from.attributes(),
        from.createdAt(),
        from.deletedAt(),
        revision,
        from.operation());
  }

  /** The same database, made at another moment. */
  public static Instance createdAt(Instance from, Instant at) {
    return new Instance(
        from.id(),
        from.shortId(),
        from.tenant(),
        from.origin(),
        from.name(),
        from.handle(),
        from.spec(),
        from.address(),
        from.owner(),
        from.database(),
        from.desired(),
        from.setup(),
        from.contents(),
        null,
        from.attributes(),
        at,
        from.deletedAt(),
        from.revision(),
        from.operation());
  }

  /** An observation at a version. */
  public static Observation seen(UUID instance, long version, Condition condition, Facts facts) {
    return condition == Condition.ABSENT
        ? Observation.absent(instance, version)
        : new Observation(instance, version, version, condition, null, facts);
  }
}

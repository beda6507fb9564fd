package mooring.platform;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import mooring.core.Address;
import mooring.core.Api;
import mooring.core.Contents;
import mooring.core.Credentials;
import mooring.core.Desired;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.Setup;

/** Databases to try things on. */
final class Samples {
  static final Credentials CREDENTIALS = new Credentials("app_user", "s3cret-Value_1", "orders");

  private Samples() {}

  /** A PostgreSQL 16 with one instance at an address. */
  static Instance instance(String host) {
    return instance(host, 1);
  }

  /** A database of an engine at an address. */
  static Instance instance(Engine engine, String version, String host, int instances) {
    Instance one = instance(host, instances);
    InstanceSpec is = one.spec();
    InstanceSpec spec =
        new InstanceSpec(
            engine,
            version,
            is.cpuMilli(),
            is.memoryMib(),
            is.storageMib(),
            is.instances(),
            is.place());
    return new Instance(
        one.id(),
        one.shortId(),
        one.tenant(),
        one.origin(),
        one.name(),
        one.handle(),
        spec,
        new Address(host, engine.port()),
        one.owner(),
        one.database(),
        one.desired(),
        one.setup(),
        one.contents(),
        null,
        one.attributes(),
        one.createdAt(),
        one.deletedAt(),
        one.revision(),
        one.operation());
  }

  /** The same, with an operation that is not its creation. */
  static Instance changed(Instance one, InstanceSpec spec, Desired desired, Setup setup) {
    Operation was = one.operation();
    Operation operation =
        new Operation(
            UUID.randomUUID(),
            one.id(),
            OperationKind.UPDATE,
            was.outcome(),
            null,
            InstanceState.RUNNING,
            null,
            1,
            was.deadline(),
            was.startedAt(),
            null);
    return copy(one, spec, one.owner(), one.database(), desired, setup, operation);
  }

  /** The same, created with a setup. */
  static Instance created(Instance one, Setup setup) {
    return copy(
        one, one.spec(), one.owner(), one.database(), one.desired(), setup, one.operation());
  }

  /** The same, made through an API. */
  static Instance of(Api origin, Instance one) {
    return new Instance(
        one.id(),
        one.shortId(),
        one.tenant(),
        origin,
        one.name(),
        one.handle(),
        one.spec(),
        one.address(),
        one.owner(),
        one.database(),
        one.desired(),
        one.setup(),
        one.contents(),
        null,
        one.attributes(),
        one.createdAt(),
        one.deletedAt(),
        one.revision(),
        one.operation());
  }

  /** The same, to be stopped. */
  static Instance stopped(Instance one) {
    return changed(one, one.spec(), Desired.STOPPED, one.setup());
  }

  /** The same with another operation. */
  static Instance with(Instance one, Operation operation) {
    return copy(
        one, one.spec(), one.owner(), one.database(), one.desired(), one.setup(), operation);
  }

  /** The same with another owner and logical database. */
  static Instance owned(Instance one, String owner, String database) {
    return copy(one, one.spec(), owner, database, one.desired(), one.setup(), one.operation());
  }

  /** The same in another size. */
  static Instance replicated(Instance one, int instances) {
    InstanceSpec is = one.spec();
    InstanceSpec spec =
        new InstanceSpec(
            is.engine(),
            is.version(),
            is.cpuMilli(),
            is.memoryMib(),
            is.storageMib(),
            instances,
            is.place());
    return changed(one, spec, one.desired(), one.setup());
  }

  static Instance sized(Instance one, int memoryMib, int storageMib) {
    InstanceSpec is = one.spec();
    InstanceSpec spec =
        new InstanceSpec(
            is.engine(),
            is.version(),
            is.cpuMilli(),
            memoryMib,
            storageMib,
            is.instances(),
            is.place());
    return changed(one, spec, one.desired(), one.setup());
  }

  private static Instance copy(
      Instance one,
      InstanceSpec spec,
      String owner,
      String database,
      Desired desired,
      Setup setup,
      Operation operation) {
    return new Instance(
        one.id(),
        one.shortId(),
        one.tenant(),
        one.origin(),
        one.name(),
        one.handle(),
        spec,
        one.address(),
        owner,
        database,
        desired,
        setup,
        one.contents(),
        null,
        one.attributes(),
        one.createdAt(),
        one.deletedAt(),
        one.revision(),
        operation);
  }

  static Instance instance(String host, int instances) {
    UUID id = UUID.randomUUID();
    String shortId = id.toString().substring(0, 8);
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    Operation create =
        new Operation(
            UUID.randomUUID(),
            id,
            OperationKind.CREATE,
            Operation.Outcome.RUNNING,
            null,
            InstanceState.PENDING,
            null,
            1,
            now.plusSeconds(900),
            now,
            null);
    return new Instance(
        id,
        shortId,
        UUID.randomUUID(),
        Api.UNCLOUD,
        "Main Orders / é",
        "main-orders",
        new InstanceSpec(Engine.POSTGRESQL, "16", 500, 1024, 10_240, instances, "nyc1"),
        new Address(host, 5432),
        "app_user",
        "orders",
        Desired.RUNNING,
        Setup.NONE,
        Contents.NONE,
        null,
        Map.of(),
        now,
        null,
        1,
        create);
  }
}

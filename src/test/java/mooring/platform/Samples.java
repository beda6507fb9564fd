package mooring.platform;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import mooring.core.Address;
import mooring.core.Api;
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
        Map.of(),
        now,
        null,
        1,
        create);
  }
}

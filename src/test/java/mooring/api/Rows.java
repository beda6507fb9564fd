package mooring.api;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mooring.core.Address;
import mooring.core.Api;
import mooring.core.Contents;
import mooring.core.Desired;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.InstanceState;
import mooring.core.Observation;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Setup;
import mooring.core.StoredSecret;
import mooring.core.Token;
import mooring.status.TokenDirectory;

/** Rows as the store tells them to the feed. */
public final class Rows {
  static final Instant CREATED = Instant.parse("2024-01-15T10:30:00.123456Z");
  static final InstanceSpec SPEC =
      new InstanceSpec(Engine.POSTGRESQL, "16", 2000, 4096, 50 * 1024, 1, "nyc1");

  private Rows() {}

  static Instance instance(UUID tenant, String shortId, String name) {
    return instance(tenant, shortId, name, 1, CREATED, null, OperationKind.CREATE, Outcome.RUNNING);
  }

  static Instance instance(
      UUID tenant,
      String shortId,
      String name,
      long revision,
      Instant createdAt,
      Instant deletedAt,
      OperationKind kind,
      Outcome outcome) {
    UUID id = UUID.nameUUIDFromBytes(shortId.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Operation operation =
        new Operation(
            id,
            id,
            kind,
            outcome,
            outcome == Outcome.FAILED ? "not ready in 15 minutes" : null,
            InstanceState.RUNNING,
            5L,
            1,
            createdAt,
            createdAt,
            null);
    return new Instance(
        id,
        shortId,
        tenant,
        Api.UNCLOUD,
        name,
        name,
        SPEC,
        new Address("127.77.0.1", 5432),
        "app_user",
        name.replace('-', '_'),
        Desired.RUNNING,
        Setup.NONE,
        Contents.NONE,
        null,
        Map.of("plan_id", "db-s-2vcpu-4gb"),
        createdAt,
        deletedAt,
        revision,
        operation);
  }

  /** What a healthy cluster shows. */
  public static Observation healthy(Instance instance, long version) {
    InstanceSpec spec = instance.spec();
    return new Observation(
        instance.id(),
        version,
        version,
        Observation.Condition.HEALTHY,
        null,
        new Observation.Facts(
            spec.version(),
            spec.instances(),
            spec.instances(),
            spec.cpuMilli(),
            spec.memoryMib(),
            spec.storageMib(),
            true,
            instance.address(),
            0));
  }

  static Token token(UUID tenant, String secret, Set<String> scopes, Instant expiresAt) {
    UUID id = UUID.nameUUIDFromBytes(secret.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new Token(
        id,
        id.toString().substring(0, 8),
        tenant,
        secret,
        new StoredSecret(TokenDirectory.hash(secret), ""),
        null,
        scopes,
        CREATED,
        expiresAt,
        null,
        null,
        1);
  }
}

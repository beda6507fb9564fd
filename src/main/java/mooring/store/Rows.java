package mooring.store;

import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import mooring.core.Address;
import mooring.core.Api;
import mooring.core.Desired;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.InstanceState;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.StoredSecret;
import mooring.core.Token;

/** Rows as the model has them: the one place for every query. */
final class Rows {
  private static final String INSTANCE_COLUMNS =
"""
SELECT i.id, i.short_id, i.tenant, i.origin, i.name, i.handle, i.engine, i.version,
       i.cpu_milli, i.memory_mib, i.storage_mib, i.instances, i.place, i.host, i.port,
       i.owner, i.database, i.desired, i.setup, i.contents, i.migration, i.attributes, i.created_at, i.deleted_at, i.revision,
       o.id AS o_id, o.kind, o.outcome, o.reason, o.accepted_in, o.platform_version,
       o.attempt, o.deadline, o.started_at, o.ended_at, o.cause
""";

  /** An instance with its latest operation; completed by a condition on {@code i} and {@code o}. */
  static final String SELECT_INSTANCE =
      INSTANCE_COLUMNS + "FROM instance i JOIN operation o ON o.id = i.operation\n";

  /** The same with each of its operations. */
  static final String SELECT_WITH_OPERATION =
      INSTANCE_COLUMNS + "FROM instance i JOIN operation o ON o.instance = i.id\n";

  static final String TOKEN_COLUMNS =
      "id, short_id, tenant, name, hash, prefix, previous_hash, previous_until, scopes, created_at,"
          + " expires_at, last_used_at, revoked_at, revision";

  private Rows() {}

  static Instance instance(Row row) {
    return instance(row, row.getLong("revision"));
  }

  /** With the revision that the row gets after it was read. */
  static Instance instance(Row row, long revision) {
    return new Instance(
        row.getUUID("id"),
        row.getString("short_id"),
        row.getUUID("tenant"),
        Api.valueOf(row.getString("origin")),
        row.getString("name"),
        row.getString("handle"),
        spec(row),
        new Address(row.getString("host"), row.getInteger("port")),
        row.getString("owner"),
        row.getString("database"),
        Desired.valueOf(row.getString("desired")),
        SetupJson.parse(row.getJsonObject("setup")),
        ContentsJson.parse(row.getJsonObject("contents")),
        MigrationJson.parse(row.getJsonObject("migration")),
        attributes(row.getJsonObject("attributes")),
        instant(row, "created_at"),
        instant(row, "deleted_at"),
        revision,
        operation(row));
  }

  static Token token(Row row) {
    return token(row, row.getLong("revision"));
  }

  /** With the revision that the row gets after it was read. */
  static Token token(Row row, long revision) {
    String[] scopes = row.getArrayOfStrings("scopes");
    return new Token(
        row.getUUID("id"),
        row.getString("short_id"),
        row.getUUID("tenant"),
        row.getString("name"),
        new StoredSecret(row.getString("hash"), row.getString("prefix")),
        previous(row),
        scopes == null ? null : Set.copyOf(Arrays.asList(scopes)),
        instant(row, "created_at"),
        instant(row, "expires_at"),
        instant(row, "last_used_at"),
        instant(row, "revoked_at"),
        revision);
  }

  private static Token.Previous previous(Row row) {
    String hash = row.getString("previous_hash");
    return hash == null ? null : new Token.Previous(hash, instant(row, "previous_until"));
  }

  private static InstanceSpec spec(Row row) {
    return new InstanceSpec(
        Engine.valueOf(row.getString("engine")),
        row.getString("version"),
        row.getInteger("cpu_milli"),
        row.getInteger("memory_mib"),
        row.getInteger("storage_mib"),
        row.getInteger("instances"),
        row.getString("place"));
  }

  private static Operation operation(Row row) {
    String cause = row.getString("cause");
    return new Operation(
        row.getUUID("o_id"),
        row.getUUID("id"),
        OperationKind.valueOf(row.getString("kind")),
        Operation.Outcome.valueOf(row.getString("outcome")),
        row.getString("reason"),
        InstanceState.valueOf(row.getString("accepted_in")),
        row.getLong("platform_version"),
        row.getInteger("attempt"),
        instant(row, "deadline"),
        instant(row, "started_at"),
        instant(row, "ended_at"),
        cause == null ? null : Operation.Cause.valueOf(cause));
  }

  private static Map<String, String> attributes(JsonObject json) {
    Map<String, String> attributes = new LinkedHashMap<>();
    json.forEach(entry -> attributes.put(entry.getKey(), String.valueOf(entry.getValue())));
    return attributes;
  }

  private static Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}

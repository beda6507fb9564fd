package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mooring.core.StoredSecret;
import mooring.core.Tenant;
import mooring.core.Token;

/** Tenants and tokens. */
final class TokenTable {
  private static final String TENANT = "SELECT id, name FROM tenant WHERE name = $1";

  private static final String INSERT_TENANT = "INSERT INTO tenant (id, name) VALUES ($1, $2)";

  private static final String INSERT =
      """
      INSERT INTO token (id, short_id, tenant, name, hash, prefix, scopes, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """;

  private static final String PUBLISH = "SELECT publish_token($1) AS revision";

  private static final String BY_ID = "SELECT " + Rows.TOKEN_COLUMNS + " FROM token WHERE id = $1";

  private static final String LIST =
      "SELECT "
          + Rows.TOKEN_COLUMNS
          + " FROM token WHERE tenant = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id";

  private static final String FIND =
      "SELECT "
          + Rows.TOKEN_COLUMNS
          + " FROM token WHERE tenant = $1 AND short_id = $2 AND revoked_at IS NULL";

  private static final String ROTATE =
      """
      UPDATE token SET previous_hash = hash, previous_until = $3, hash = $4, prefix = $5
      WHERE tenant = $1 AND short_id = $2 AND revoked_at IS NULL
      RETURNING id
      """;

  private static final String REVOKE =
      """
      UPDATE token SET revoked_at = now()
      WHERE tenant = $1 AND short_id = $2 AND revoked_at IS NULL
      RETURNING id
      """;

  /** Locks in one order, because two replicas flush at about the same time. */
  private static final String USED =
      """
      WITH used AS (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at)),
           locked AS (
             SELECT t.id FROM token t WHERE t.id = ANY ($1::uuid[]) ORDER BY t.id FOR UPDATE)
      UPDATE token t SET last_used_at = greatest(t.last_used_at, used.at)
      FROM used JOIN locked ON locked.id = used.id
      WHERE t.id = used.id
      """;

  private TokenTable() {}

  static Completable insertTenant(SqlConnection tx, UUID id, String name) {
    return Sql.run(tx, INSERT_TENANT, id, name);
  }

  static Completable insert(
      SqlConnection tx,
      UUID id,
      UUID tenant,
      String name,
      StoredSecret secret,
      Set<String> scopes,
      Instant expiresAt) {
    String[] allowed = scopes == null ? null : scopes.stream().sorted().toArray(String[]::new);
    OffsetDateTime expires = expiresAt == null ? null : utc(expiresAt);
    return Sql.run(
        tx,
        INSERT,
        id,
        ShortIds.next(),
        tenant,
        name,
        secret.hash(),
        secret.prefix(),
        allowed,
        expires);
  }

  /** Reads the row and stamps it: the last statement of a transaction. */
  static Single<Token> publish(SqlConnection tx, UUID id) {
    return Sql.first(tx, row -> row, BY_ID, id)
        .toSingle()
        .flatMap(
            row ->
                Sql.first(tx, stamp -> stamp.getLong("revision"), PUBLISH, id)
                    .toSingle()
                    .map(revision -> Rows.token(row, revision)));
  }

  static Maybe<Tenant> tenant(SqlClient client, String name) {
    return Sql.first(
        client, row -> new Tenant(row.getUUID("id"), row.getString("name")), TENANT, name);
  }

  static Single<List<Token>> list(SqlClient client, UUID tenant) {
    return Sql.list(client, Rows::token, LIST, tenant);
  }

  static Maybe<Token> find(SqlClient client, UUID tenant, String shortId) {
    return Sql.first(client, Rows::token, FIND, tenant, shortId);
  }

  /** The id of the token whose secret is exchanged now; empty when there is none such. */
  static Maybe<UUID> rotate(
      SqlConnection tx, UUID tenant, String shortId, StoredSecret secret, Instant previousUntil) {
    return Sql.first(
        tx,
        row -> row.getUUID("id"),
        ROTATE,
        tenant,
        shortId,
        utc(previousUntil),
        secret.hash(),
        secret.prefix());
  }

  /** The id of the token that is revoked now; empty when there is none such. */
  static Maybe<UUID> revoke(SqlConnection tx, UUID tenant, String shortId) {
    return Sql.first(tx, row -> row.getUUID("id"), REVOKE, tenant, shortId);
  }

  static Completable used(SqlConnection tx, List<Map.Entry<UUID, Instant>> lastUsed) {
    UUID[] ids = lastUsed.stream().map(Map.Entry::getKey).toArray(UUID[]::new);
    OffsetDateTime[] times =
        lastUsed.stream().map(entry -> utc(entry.getValue())).toArray(OffsetDateTime[]::new);
    return Sql.run(tx, USED, ids, times);
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}

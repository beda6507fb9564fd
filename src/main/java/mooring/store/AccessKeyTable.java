package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.rxjava3.sqlclient.Row;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import mooring.core.AccessKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Access keys with their secrets, sealed. */
final class AccessKeyTable {
  private static final Logger log = LoggerFactory.getLogger(AccessKeyTable.class);
  private static final String SECRET = "access_secret";

  private static final String COLUMNS =
      "id, tenant, name, secret AS access_secret, created_at, revoked_at, revision FROM access_key";

  private static final String INSERT =
      "INSERT INTO access_key (id, tenant, name, secret) VALUES ($1, $2, $3, $4)";

  private static final String REVOKE_ALL =
      """
      UPDATE access_key SET revoked_at = now() WHERE tenant = $1 AND revoked_at IS NULL
      RETURNING id
      """;

  private static final String PUBLISH = "SELECT publish_access_keys($1)";

  private static final String BY_ID = "SELECT " + COLUMNS + " WHERE id = $1";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + " WHERE tenant = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id";

  private static final String NEWER =
      "SELECT " + COLUMNS + " WHERE revision > $1 ORDER BY revision LIMIT $2";

  private final SecretBox secrets;

  AccessKeyTable(SecretBox secrets) {
    this.secrets = secrets;
  }

  Completable insert(SqlConnection tx, UUID id, UUID tenant, String name, String secret) {
    return Sql.run(tx, INSERT, id, tenant, name, Buffer.buffer(secrets.seal(id, SECRET, secret)));
  }

  /** The ids of those that worked until now. */
  static Single<List<UUID>> revokeAll(SqlConnection tx, UUID tenant) {
    return Sql.list(tx, row -> row.getUUID("id"), REVOKE_ALL, tenant);
  }

  /** Stamps the rows, the last statement of a transaction. */
  static Completable publish(SqlConnection tx, List<UUID> ids) {
    return Sql.run(tx, PUBLISH, (Object) ids.toArray(UUID[]::new));
  }

  Single<AccessKey> get(SqlClient client, UUID id) {
    return Sql.first(client, this::key, BY_ID, id).toSingle();
  }

  Single<List<AccessKey>> list(SqlClient client, UUID tenant) {
    return Sql.list(client, this::key, LIST, tenant);
  }

  /** What is newer than a revision, in the order of revisions. */
  Single<List<AccessKey>> newer(SqlClient client, long revision, int limit) {
    return Sql.list(client, this::key, NEWER, revision, limit);
  }

  private AccessKey key(Row row) {
    UUID id = row.getUUID("id");
    OffsetDateTime revoked = row.getOffsetDateTime("revoked_at");
    return new AccessKey(
        id,
        row.getUUID("tenant"),
        row.getString("name"),
        opened(id, row.getBuffer(SECRET)),
        row.getOffsetDateTime("created_at").toInstant(),
        revoked == null ? null : revoked.toInstant(),
        row.getLong("revision"));
  }

  /** One that does not open stops no feed: it is a key that does not work. */
  private String opened(UUID id, Buffer sealed) {
    try {
      return secrets.open(id, SECRET, sealed.getBytes());
    } catch (IllegalStateException e) {
      log.atError().addKeyValue("key", id).log("the secret of an access key does not open");
      return null;
    }
  }
}

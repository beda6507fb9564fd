package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.core.Contents;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.Migration;
import mooring.core.Setup;
import mooring.store.Addresses.Allotment;

/** Instances and their secrets. */
final class InstanceTable {
  private static final String INSERT =
      """
      INSERT INTO instance (id, short_id, tenant, origin, name, handle, engine, version, cpu_milli,
        memory_mib, storage_mib, instances, place, address_number, host, port, owner, database,
        setup, attributes, operation, migration)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22)
      """;

  private static final String LOCK =
      """
      SELECT id FROM instance
      WHERE tenant = $1 AND short_id = $2 AND deleted_at IS NULL
      FOR UPDATE
      """;

  private static final String CHANGE =
      """
      UPDATE instance
      SET name = $2, version = $3, cpu_milli = $4, memory_mib = $5, storage_mib = $6,
          instances = $7, desired = $8, setup = $9, attributes = $10, operation = $11,
          contents = $12, migration = $13
      WHERE id = $1
      """;

  private static final String CONTAIN = "UPDATE instance SET contents = $2 WHERE id = $1";

  private static final String SET_UP = "UPDATE instance SET setup = $2 WHERE id = $1";

  private static final String RENAME = "UPDATE instance SET name = $2 WHERE id = $1";

  /** Names are unique in one API only, so no index can say it; those who ask take turns. */
  private static final String LOCK_NAME =
      "SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2, 7741002))";

  private static final String NAME_TAKEN =
      """
      SELECT EXISTS (
        SELECT FROM instance
        WHERE tenant = $1 AND name = $2 AND id IS DISTINCT FROM $3 AND deleted_at IS NULL) AS taken
      """;

  private static final String HANDLE_TAKEN =
      """
      SELECT EXISTS (
        SELECT FROM instance WHERE tenant = $1 AND handle = $2 AND deleted_at IS NULL) AS taken
      """;

  private static final String BURY = "UPDATE instance SET deleted_at = now() WHERE id = $1";

  private static final String ERASE_SECRET = "DELETE FROM instance_secret WHERE instance = $1";

  private static final String PUBLISH = "SELECT publish_instance($1) AS revision";

  private static final String BY_ID = Rows.SELECT_INSTANCE + "WHERE i.id = $1";

  private static final String BY_SHORT_ID = Rows.SELECT_INSTANCE + "WHERE i.short_id = $1";

  private static final String BY_HANDLE =
      Rows.SELECT_INSTANCE + "WHERE i.tenant = $1 AND i.handle = $2 AND i.deleted_at IS NULL";

  private static final String BY_OPERATION = Rows.SELECT_WITH_OPERATION + "WHERE o.id = $1";

  private static final String BY_IDS =
      Rows.SELECT_INSTANCE + "WHERE i.id = ANY ($1) ORDER BY o.started_at, i.id";

  private InstanceTable() {}

  static Completable insert(
      SqlConnection tx,
      UUID id,
      String shortId,
      String handle,
      Draft draft,
      Allotment at,
      UUID operation) {
    InstanceSpec spec = draft.spec();
    return Sql.run(
        tx,
        INSERT,
        id,
        shortId,
        draft.tenant(),
        draft.origin().name(),
        draft.name(),
        handle,
        spec.engine().name(),
        spec.version(),
        spec.cpuMilli(),
        spec.memoryMib(),
        spec.storageMib(),
        spec.instances(),
        spec.place(),
        at.number(),
        at.address().host(),
        at.address().port(),
        draft.credentials().username(),
        draft.credentials().database(),
        SetupJson.of(draft.setup()),
        json(draft.attributes()),
        operation,
        MigrationJson.of(
            draft.migration() == null ? null : Migration.of(draft.migration().source())));
  }

  /** Locks a living row. To be read in a statement of its own, which sees what was waited for. */
  static Maybe<UUID> lock(SqlConnection tx, UUID tenant, String shortId) {
    return Sql.first(tx, row -> row.getUUID("id"), LOCK, tenant, shortId);
  }

  /** Writes what a change may change; identity, address and credentials are not among it. */
  static Completable change(SqlConnection tx, Instance wanted, UUID operation) {
    InstanceSpec spec = wanted.spec();
    return Sql.run(
        tx,
        CHANGE,
        wanted.id(),
        wanted.name(),
        spec.version(),
        spec.cpuMilli(),
        spec.memoryMib(),
        spec.storageMib(),
        spec.instances(),
        wanted.desired().name(),
        SetupJson.of(wanted.setup()),
        json(wanted.attributes()),
        operation,
        ContentsJson.of(wanted.contents()),
        MigrationJson.of(wanted.migration()));
  }

  static Completable contain(SqlConnection tx, UUID id, Contents contents) {
    return Sql.run(tx, CONTAIN, id, ContentsJson.of(contents));
  }

  static Completable setUp(SqlConnection tx, UUID id, Setup setup) {
    return Sql.run(tx, SET_UP, id, SetupJson.of(setup));
  }

  static Completable rename(SqlConnection tx, UUID id, String name) {
    return Sql.run(tx, RENAME, id, name);
  }

  static Completable lockName(SqlConnection tx, UUID tenant, String name) {
    return Sql.run(tx, LOCK_NAME, tenant.toString(), name);
  }

  /** Whether a living database of the tenant has a name, other than one (null for none). */
  static Single<Boolean> nameTaken(SqlConnection tx, UUID tenant, String name, UUID except) {
    return Sql.first(tx, row -> row.getBoolean("taken"), NAME_TAKEN, tenant, name, except)
        .toSingle();
  }

  /** Whether a living database of the tenant has a handle. */
  static Single<Boolean> handleTaken(SqlConnection tx, UUID tenant, String handle) {
    return Sql.first(tx, row -> row.getBoolean("taken"), HANDLE_TAKEN, tenant, handle).toSingle();
  }

  /** Leaves a tombstone, without the secrets; handle and address are free with that. */
  static Completable bury(SqlConnection tx, UUID id) {
    return Sql.run(tx, BURY, id)
        .andThen(Sql.run(tx, ERASE_SECRET, id))
        .andThen(RolePasswords.erase(tx, id))
        .andThen(MigrationPasswords.erase(tx, id));
  }

  /** Reads the row and stamps it: the last statement of a transaction. */
  static Single<Instance> publish(SqlConnection tx, UUID id) {
    return Sql.first(tx, row -> row, BY_ID, id)
        .toSingle()
        .flatMap(
            row ->
                Sql.first(tx, stamp -> stamp.getLong("revision"), PUBLISH, id)
                    .toSingle()
                    .map(revision -> Rows.instance(row, revision)));
  }

  static Maybe<Instance> get(SqlClient client, UUID id) {
    return Sql.first(client, Rows::instance, BY_ID, id);
  }

  static Maybe<Instance> get(SqlClient client, String shortId) {
    return Sql.first(client, Rows::instance, BY_SHORT_ID, shortId);
  }

  static Maybe<Instance> get(SqlClient client, UUID tenant, String handle) {
    return Sql.first(client, Rows::instance, BY_HANDLE, tenant, handle);
  }

  /** With that operation, whichever is the latest. */
  static Maybe<Instance> getByOperation(SqlClient client, UUID operation) {
    return Sql.first(client, Rows::instance, BY_OPERATION, operation);
  }

  static Single<List<Instance>> get(SqlClient client, List<UUID> ids) {
    return Sql.list(client, Rows::instance, BY_IDS, (Object) ids.toArray(UUID[]::new));
  }

  private static JsonObject json(Map<String, String> attributes) {
    return new JsonObject(new HashMap<>(attributes));
  }
}

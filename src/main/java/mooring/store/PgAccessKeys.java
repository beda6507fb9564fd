package mooring.store;

import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import mooring.core.AccessKey;
import mooring.core.AccessKeyStore;

/** Access keys, in PostgreSQL. */
final class PgAccessKeys implements AccessKeyStore {
  private final Database database;
  private final AccessKeyTable table;

  PgAccessKeys(Database database, AccessKeyTable table) {
    this.database = database;
    this.table = table;
  }

  @Override
  public Single<AccessKey> create(UUID tenant, String name, String secret) {
    return database.transaction(tx -> create(tx, tenant, name, secret, List.of()));
  }

  @Override
  public Single<AccessKey> replace(UUID tenant, String name, String secret) {
    return database.transaction(
        tx ->
            AccessKeyTable.revokeAll(tx, tenant)
                .flatMap(before -> create(tx, tenant, name, secret, before)));
  }

  @Override
  public Single<List<AccessKey>> list(UUID tenant) {
    return database.statement(client -> table.list(client, tenant).toMaybe()).toSingle();
  }

  private Single<AccessKey> create(
      SqlConnection tx, UUID tenant, String name, String secret, List<UUID> revoked) {
    UUID id = UUID.randomUUID();
    List<UUID> changed = new ArrayList<>(revoked);
    changed.add(id);
    return table
        .insert(tx, id, tenant, name, secret)
        .andThen(AuditTable.done(tx, tenant, null, "CREATE_ACCESS_KEY", id))
        .andThen(AccessKeyTable.publish(tx, changed))
        .andThen(Single.defer(() -> table.get(tx, id)));
  }
}

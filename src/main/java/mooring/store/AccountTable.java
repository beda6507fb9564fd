package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.Row;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import mooring.core.Account;

/** Accounts. */
final class AccountTable {
  private static final String COLUMNS =
      "id, tenant, email, name, password_hash, created_at, revision FROM account";

  private static final String INSERT =
      """
      INSERT INTO account (id, tenant, email, name, password_hash) VALUES ($1, $2, $3, $4, $5)
      """;

  private static final String SET_PASSWORD =
      "UPDATE account SET password_hash = $3 WHERE tenant = $1 AND email = $2 RETURNING id";

  /** Until the transaction ends nobody sets another. */
  private static final String HOLD_PASSWORD =
      "SELECT " + COLUMNS + " WHERE id = $1 AND password_hash = $2 FOR SHARE";

  private static final String BY_ID = "SELECT " + COLUMNS + " WHERE id = $1";

  private static final String BY_EMAIL = "SELECT " + COLUMNS + " WHERE email = $1";

  private static final String OF_CALLER =
      "SELECT "
          + COLUMNS
          + " WHERE tenant = $1 ORDER BY id IS NOT DISTINCT FROM $2::uuid DESC, created_at, id"
          + " LIMIT 1";

  private static final String NEWER =
      "SELECT " + COLUMNS + " WHERE revision > $1 ORDER BY revision LIMIT $2";

  private static final String PUBLISH = "SELECT publish_account($1)";

  private AccountTable() {}

  /** Stamps the row, the last statement of a transaction, and reads it. */
  static Single<Account> publish(SqlConnection tx, UUID id) {
    return Sql.run(tx, PUBLISH, id).andThen(find(tx, id).toSingle());
  }

  /** What is newer than a revision, in the order of revisions. */
  static Single<List<Account>> newer(SqlClient client, long revision, int limit) {
    return Sql.list(client, AccountTable::account, NEWER, revision, limit);
  }

  static Completable insert(
      SqlConnection tx, UUID id, UUID tenant, String email, String name, String passwordHash) {
    return Sql.run(tx, INSERT, id, tenant, email, name, passwordHash);
  }

  /** The id of the account that has another password now; empty when there is none such. */
  static Maybe<UUID> setPassword(SqlConnection tx, UUID tenant, String email, String passwordHash) {
    return Sql.first(tx, row -> row.getUUID("id"), SET_PASSWORD, tenant, email, passwordHash);
  }

  /** Empty when the account has another password since it was read. */
  static Maybe<Account> holdPassword(SqlConnection tx, Account account) {
    return Sql.first(
        tx, AccountTable::account, HOLD_PASSWORD, account.id(), account.passwordHash());
  }

  static Maybe<Account> find(SqlClient client, UUID id) {
    return Sql.first(client, AccountTable::account, BY_ID, id);
  }

  static Maybe<Account> find(SqlClient client, String email) {
    return Sql.first(client, AccountTable::account, BY_EMAIL, email);
  }

  /** The account of that id, or else the tenant's first. */
  static Maybe<Account> find(SqlClient client, UUID tenant, UUID id) {
    return Sql.first(client, AccountTable::account, OF_CALLER, tenant, id);
  }

  private static Account account(Row row) {
    return new Account(
        row.getUUID("id"),
        row.getUUID("tenant"),
        row.getString("email"),
        row.getString("name"),
        row.getString("password_hash"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getLong("revision"));
  }
}

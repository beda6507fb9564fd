package mooring.store;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import mooring.core.Account;
import mooring.core.AccountStore;
import mooring.core.Caller;

/** Accounts and their refresh tokens, in PostgreSQL. */
final class PgAccounts implements AccountStore {
  private final Database database;

  PgAccounts(Database database) {
    this.database = database;
  }

  @Override
  public Single<Account> create(UUID tenant, String email, String name, String passwordHash) {
    UUID id = UUID.randomUUID();
    return database.transaction(
        tx ->
            AccountTable.insert(tx, id, tenant, email, name, passwordHash)
                .andThen(AuditTable.done(tx, tenant, null, "CREATE_ACCOUNT", id))
                .andThen(AccountTable.publish(tx, id)));
  }

  @Override
  public Maybe<Account> setPassword(UUID tenant, String email, String passwordHash) {
    return maybe(
        tx ->
            AccountTable.setPassword(tx, tenant, email, passwordHash)
                .flatMap(
                    id ->
                        RefreshTokenTable.forgetAll(tx, id)
                            .andThen(AuditTable.done(tx, tenant, null, "SET_PASSWORD", id))
                            .andThen(AccountTable.publish(tx, id))
                            .toMaybe()));
  }

  @Override
  public Maybe<Account> find(String email) {
    return database.statement(client -> AccountTable.find(client, email));
  }

  @Override
  public Maybe<Account> find(Caller caller) {
    return database.statement(client -> AccountTable.find(client, caller.tenant(), caller.token()));
  }

  @Override
  public Maybe<Account> open(Account account, RefreshToken token) {
    return maybe(
        tx ->
            AccountTable.holdPassword(tx, account)
                .flatMapSingle(
                    held ->
                        RefreshTokenTable.forgetExpired(tx, held.id())
                            .andThen(
                                RefreshTokenTable.insert(tx, held.id(), UUID.randomUUID(), token))
                            .toSingleDefault(held)));
  }

  @Override
  public Maybe<Account> renew(String hash, RefreshToken next) {
    return maybe(
        tx ->
            RefreshTokenTable.shown(tx, hash)
                .flatMap(
                    shown ->
                        shown.used()
                            ? RefreshTokenTable.forgetFamily(tx, shown.family()).toMaybe()
                            : renew(tx, hash, shown, next)));
  }

  private static Maybe<Account> renew(
      SqlConnection tx, String hash, RefreshTokenTable.Shown shown, RefreshToken next) {
    return RefreshTokenTable.use(tx, hash)
        .andThen(RefreshTokenTable.insert(tx, shown.account(), shown.family(), next))
        .andThen(AccountTable.find(tx, shown.account()));
  }

  /** Commits also when nothing comes out of it. */
  private <T> Maybe<T> maybe(Function<SqlConnection, Maybe<T>> work) {
    return database
        .transaction(tx -> work.apply(tx).map(Optional::of).defaultIfEmpty(Optional.empty()))
        .mapOptional(found -> found);
  }
}

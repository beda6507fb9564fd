package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import mooring.core.StoredSecret;
import mooring.core.Tenant;
import mooring.core.Token;
import mooring.core.TokenStore;

/** Tenants and their tokens, in PostgreSQL. */
final class PgTokens implements TokenStore {
  private static final int USED_AT_ONCE = 1_000;

  private final Database database;

  PgTokens(Database database) {
    this.database = database;
  }

  @Override
  public Single<Tenant> createTenant(String name) {
    UUID id = UUID.randomUUID();
    return database.transaction(
        tx ->
            TokenTable.insertTenant(tx, id, name)
                .andThen(AuditTable.done(tx, id, null, "CREATE_TENANT", id))
                .toSingleDefault(new Tenant(id, name)));
  }

  @Override
  public Maybe<Tenant> tenant(String name) {
    return database.statement(client -> TokenTable.tenant(client, name));
  }

  @Override
  public Single<Token> create(
      UUID tenant,
      String name,
      StoredSecret secret,
      Set<String> scopes,
      Instant expiresAt,
      UUID requestedBy) {
    UUID id = UUID.randomUUID();
    return database.transaction(
        tx ->
            TokenTable.insert(tx, id, tenant, name, secret, scopes, expiresAt)
                .andThen(AuditTable.done(tx, tenant, requestedBy, "CREATE_TOKEN", id))
                .andThen(TokenTable.publish(tx, id)));
  }

  @Override
  public Single<List<Token>> list(UUID tenant) {
    return database.statement(client -> TokenTable.list(client, tenant).toMaybe()).toSingle();
  }

  @Override
  public Maybe<Token> find(UUID tenant, String shortId) {
    return database.statement(client -> TokenTable.find(client, tenant, shortId));
  }

  @Override
  public Maybe<Token> rotate(
      UUID tenant, String shortId, StoredSecret secret, Instant previousUntil, UUID requestedBy) {
    return changed(
        tenant,
        requestedBy,
        "ROTATE_TOKEN",
        tx -> TokenTable.rotate(tx, tenant, shortId, secret, previousUntil));
  }

  @Override
  public Maybe<Token> revoke(UUID tenant, String shortId, UUID requestedBy) {
    return changed(
        tenant, requestedBy, "REVOKE_TOKEN", tx -> TokenTable.revoke(tx, tenant, shortId));
  }

  private Maybe<Token> changed(
      UUID tenant, UUID requestedBy, String action, Function<SqlConnection, Maybe<UUID>> change) {
    return database
        .transaction(
            tx ->
                change
                    .apply(tx)
                    .flatMapSingle(
                        id ->
                            AuditTable.done(tx, tenant, requestedBy, action, id)
                                .andThen(TokenTable.publish(tx, id)))
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty()))
        .mapOptional(found -> found);
  }

  @Override
  public Completable used(Map<UUID, Instant> lastUsed) {
    return Flowable.fromIterable(lastUsed.entrySet())
        .buffer(USED_AT_ONCE)
        .concatMapCompletable(
            some ->
                database
                    .transaction(tx -> TokenTable.used(tx, some).toSingleDefault(true))
                    .ignoreElement());
  }
}

package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Tenants and their tokens. Fails like {@link InstanceStore} while it cannot be reached. */
public interface TokenStore {

  /** Makes a tenant; {@link Problem.Conflict} when the name is taken. */
  Single<Tenant> createTenant(String name);

  /** Finds a tenant by its name. */
  Maybe<Tenant> tenant(String name);

  /**
   * Stores a token.
   *
   * @param secret what is kept of its secret
   * @param scopes null for everything
   * @param expiresAt null for never
   * @param requestedBy the token that asked; null at the command line
   */
  Single<Token> create(
      UUID tenant,
      String name,
      StoredSecret secret,
      Set<String> scopes,
      Instant expiresAt,
      UUID requestedBy);

  /** A tenant's tokens that are not revoked, newest first. */
  Single<List<Token>> list(UUID tenant);

  /** A token of the tenant that is not revoked. */
  Maybe<Token> find(UUID tenant, String shortId);

  /**
   * Exchanges the secret of a token of the tenant; empty when it has none such. A secret that was
   * exchanged earlier stops working.
   *
   * @param previousUntil when the secret that it has now stops working
   */
  Maybe<Token> rotate(
      UUID tenant, String shortId, StoredSecret secret, Instant previousUntil, UUID requestedBy);

  /** Revokes a token of the tenant; empty when it has none such. */
  Maybe<Token> revoke(UUID tenant, String shortId, UUID requestedBy);

  /** Records when tokens were last used; never makes a recorded time older. */
  Completable used(Map<UUID, Instant> lastUsed);
}

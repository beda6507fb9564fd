package mooring.api;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import mooring.core.Address;
import mooring.core.Change;
import mooring.core.Credentials;
import mooring.core.Draft;
import mooring.core.Instance;
import mooring.core.InstanceStore;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.StoredSecret;
import mooring.core.Tenant;
import mooring.core.Token;
import mooring.core.TokenStore;

/** A store that cannot be reached, as the real one is while its server is down. */
final class NoStore implements InstanceStore, TokenStore {
  private static ProblemException down() {
    return new ProblemException(new Problem.Unavailable("the store cannot be reached", 2));
  }

  @Override
  public Single<Instance> create(Draft draft, Set<Address> avoid) {
    return Single.error(down());
  }

  @Override
  public Single<Instance> rename(
      UUID tenant, String shortId, String name, boolean unique, UUID requestedBy) {
    return Single.error(down());
  }

  @Override
  public Single<Instance> change(
      UUID tenant, String shortId, Function<Instance, Optional<Change>> decide) {
    return Single.error(down());
  }

  @Override
  public Maybe<Instance> find(String shortId) {
    return Maybe.error(down());
  }

  @Override
  public Maybe<Instance> find(UUID id) {
    return Maybe.error(down());
  }

  @Override
  public Single<Credentials> credentials(Instance instance) {
    return Single.error(down());
  }

  @Override
  public Single<Credentials> wantedCredentials(Instance instance) {
    return Single.error(down());
  }

  @Override
  public Single<Tenant> createTenant(String name) {
    return Single.error(down());
  }

  @Override
  public Maybe<Tenant> tenant(String name) {
    return Maybe.error(down());
  }

  @Override
  public Single<Token> create(
      UUID tenant,
      String name,
      StoredSecret secret,
      Set<String> scopes,
      Instant expiresAt,
      UUID requestedBy) {
    return Single.error(down());
  }

  @Override
  public Single<List<Token>> list(UUID tenant) {
    return Single.error(down());
  }

  @Override
  public Maybe<Token> find(UUID tenant, String shortId) {
    return Maybe.error(down());
  }

  @Override
  public Maybe<Token> rotate(
      UUID tenant, String shortId, StoredSecret secret, Instant previousUntil, UUID requestedBy) {
    return Maybe.error(down());
  }

  @Override
  public Maybe<Token> revoke(UUID tenant, String shortId, UUID requestedBy) {
    return Maybe.error(down());
  }

  @Override
  public Completable used(Map<UUID, Instant> lastUsed) {
    return Completable.error(down());
  }
}

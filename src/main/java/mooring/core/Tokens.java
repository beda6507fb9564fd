package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What can be done with tokens. Nobody grants a scope they lack. */
public final class Tokens {
  private final TokenStore store;
  private final UnaryOperator<String> hash;
  private final Consumer<Token> publish;

  /**
   * @param hash turns a secret into the form in which it is stored
   * @param publish hears of every row written here, before the caller does
   */
  public Tokens(TokenStore store, UnaryOperator<String> hash, Consumer<Token> publish) {
    this.store = store;
    this.hash = hash;
    this.publish = publish;
  }

  /**
   * Makes a token.
   *
   * @param prefix of the secret, cosmetic
   * @param scopes what it may do; null for everything
   * @param expiresAt null for never
   * @return with the secret; {@link Problem.Forbidden} for a scope that the caller lacks
   */
  public Single<IssuedToken> create(
      Caller caller, String prefix, String name, Set<String> scopes, Instant expiresAt) {
    return Single.defer(
        () -> {
          requireHeld(caller, scopes, "a token cannot grant scopes that it does not have");
          String secret = Secrets.token(prefix);
          return store
              .create(caller.tenant(), name, stored(secret), scopes, expiresAt, caller.token())
              .doOnSuccess(publish::accept)
              .map(token -> new IssuedToken(token, secret));
        });
  }

  /** The tenant's tokens that are not revoked, newest first; some may have expired. */
  public Single<List<Token>> list(Caller caller) {
    return store.list(caller.tenant());
  }

  /** Revokes a token of the tenant; {@link Problem.NotFound} when it has none such. */
  public Completable revoke(Caller caller, String shortId) {
    return store
        .revoke(caller.tenant(), shortId, caller.token())
        .switchIfEmpty(notFound())
        .doOnSuccess(publish::accept)
        .ignoreElement();
  }

  /** A token of the tenant; {@link Problem.NotFound} when it has none such. */
  public Single<Token> find(Caller caller, String shortId) {
    return store.find(caller.tenant(), shortId).switchIfEmpty(notFound());
  }

  /**
   * A token of the tenant that may do nothing but what the caller may, too; {@link
   * Problem.Forbidden} for another.
   */
  public Single<Token> findHeld(Caller caller, String shortId) {
    return find(caller, shortId)
        .doOnSuccess(
            token ->
                requireHeld(
                    caller, token.scopes(), "a token cannot act on one that has more scopes"));
  }

  /**
   * Exchanges the secret of a token that may do nothing but what the caller may, too.
   *
   * @param prefix of the new secret, cosmetic
   * @param previousUntil when the old secret stops working, unless the token does so earlier
   */
  public Single<IssuedToken> rotate(
      Caller caller, String shortId, String prefix, Instant previousUntil) {
    String secret = Secrets.token(prefix);
    return findHeld(caller, shortId)
        .flatMapMaybe(
            token ->
                store.rotate(
                    caller.tenant(),
                    shortId,
                    stored(secret),
                    earlier(previousUntil, token.expiresAt()),
                    caller.token()))
        .switchIfEmpty(notFound())
        .doOnSuccess(publish::accept)
        .map(token -> new IssuedToken(token, secret));
  }

  private StoredSecret stored(String secret) {
    return StoredSecret.of(secret, hash.apply(secret));
  }

  private static Instant earlier(Instant time, Instant bound) {
    return bound != null && bound.isBefore(time) ? bound : time;
  }

  private static Single<Token> notFound() {
    return Single.error(() -> new ProblemException(new Problem.NotFound("api token not found")));
  }

  private static void requireHeld(Caller caller, Set<String> scopes, String message) {
    boolean held = scopes == null ? caller.mayAll() : scopes.stream().allMatch(caller::may);
    if (!held) {
      throw new ProblemException(new Problem.Forbidden(message));
    }
  }
}

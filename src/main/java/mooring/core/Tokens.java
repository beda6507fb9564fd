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
          requireHeld(caller, scopes);
          String secret = Secrets.token(prefix);
          return store
              .create(caller.tenant(), name, hash.apply(secret), scopes, expiresAt, caller.token())
              .doOnSuccess(publish::accept)
              .map(token -> new IssuedToken(token, secret));
        });
  }

  /** The tenant's working tokens, newest first. */
  public Single<List<Token>> list(Caller caller) {
    return store.list(caller.tenant());
  }

  /** Revokes a token of the tenant; {@link Problem.NotFound} when it has none such. */
  public Completable revoke(Caller caller, String shortId) {
    return store
        .revoke(caller.tenant(), shortId, caller.token())
        .switchIfEmpty(
            Single.error(() -> new ProblemException(new Problem.NotFound("api token not found"))))
        .doOnSuccess(publish::accept)
        .ignoreElement();
  }

  private static void requireHeld(Caller caller, Set<String> scopes) {
    boolean held = scopes == null ? caller.mayAll() : scopes.stream().allMatch(caller::may);
    if (!held) {
      throw new ProblemException(
          new Problem.Forbidden("a token cannot grant scopes that it does not have"));
    }
  }
}

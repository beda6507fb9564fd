package mooring.core;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What can be done with accounts. Nothing tells whether an email address has one. */
public final class Accounts {
  private static final Duration REFRESH = Duration.ofDays(30);
  private static final String REFRESH_PREFIX = "ch_refresh_";

  private final AccountStore store;
  private final UnaryOperator<String> hash;
  private final Clock clock;
  private final Passwords passwords = new Passwords();
  private final LoginThrottle throttle;

  /**
   * @param hash turns the secret of a refresh token into the form in which it is stored
   */
  public Accounts(AccountStore store, UnaryOperator<String> hash, Clock clock) {
    this.store = store;
    this.hash = hash;
    this.clock = clock;
    this.throttle = new LoginThrottle(clock);
  }

  /** Makes an account; {@link Problem.Conflict} when the email address is taken. */
  public Single<Account> create(UUID tenant, String email, String name, String password) {
    return passwords
        .hash(password)
        .flatMap(hashed -> store.create(tenant, normal(email), name, hashed));
  }

  /** Sets the password of an account of the tenant and ends its sessions; empty without one. */
  public Maybe<Account> setPassword(UUID tenant, String email, String password) {
    return passwords
        .hash(password)
        .flatMapMaybe(hashed -> store.setPassword(tenant, normal(email), hashed));
  }

  /**
   * Begins a session; empty when there is no such account or the password is wrong, which takes the
   * same time, or is another one since it was checked.
   */
  public Maybe<Session> login(String email, String password) {
    return check(email, password, this::open);
  }

  /**
   * The account of an email address, when the password is its; empty otherwise, which takes the
   * same time.
   */
  public Maybe<Account> check(String email, String password) {
    return check(email, password, Maybe::just);
  }

  private <T> Maybe<T> check(
      String email, String password, Function<Account, Maybe<T>> whenItMatches) {
    String address = normal(email);
    return Maybe.defer(
        () -> {
          throttle.attempt(address);
          return store
              .find(address)
              .map(account -> new Candidate(account, account.passwordHash()))
              .defaultIfEmpty(new Candidate(null, null))
              .flatMap(
                  found ->
                      passwords
                          .matches(password, found.passwordHash)
                          .map(matches -> matches ? found : new Candidate(null, null)))
              .filter(found -> found.account != null)
              .map(found -> found.account)
              .doOnSuccess(account -> throttle.succeeded(address))
              .doOnError(error -> throttle.withdrawn(address))
              .flatMap(whenItMatches::apply);
        });
  }

  /** Goes on with a session; empty when the refresh token does not work, or no more. */
  public Maybe<Session> refresh(String refreshToken) {
    String next = Secrets.token(REFRESH_PREFIX);
    return store
        .renew(hash.apply(refreshToken), stored(next))
        .map(account -> new Session(account, next));
  }

  /** The account that a caller stands for; {@link Problem.NotFound} when its tenant has none. */
  public Single<Account> of(Caller caller) {
    return store
        .find(caller)
        .switchIfEmpty(
            Single.error(() -> new ProblemException(new Problem.NotFound("account not found"))));
  }

  private Maybe<Session> open(Account account) {
    String secret = Secrets.token(REFRESH_PREFIX);
    return store.open(account, stored(secret)).map(held -> new Session(held, secret));
  }

  private AccountStore.RefreshToken stored(String secret) {
    return new AccountStore.RefreshToken(hash.apply(secret), clock.instant().plus(REFRESH));
  }

  /** The one form of an email address under which its account is kept. */
  public static String normal(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  /** Who may log in; without an account nobody. */
  private record Candidate(Account account, String passwordHash) {}
}

package mooring.api;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Accounts;
import mooring.core.Caller;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.status.AccountDirectory;
import mooring.status.TokenDirectory;

/**
 * HTTP Basic (RFC 7617) with an account's email address and password, or a bearer token. A password
 * is checked once, however many requests show it at a time, and from then on looked up in memory.
 */
public final class PasswordAuthenticator implements Authenticator {
  private static final String SCHEME = "Basic ";
  private static final int MAX_CREDENTIALS = 2048;

  /** More are not checked at once: strangers are not to keep the store or the processors busy. */
  private static final int MAX_CHECKS = 16;

  private static final int RETRY_SECONDS = 2;

  private final BearerAuthenticator bearer;
  private final AccountDirectory directory;
  private final Accounts accounts;
  private final Map<Shown, Completable> underWay = new ConcurrentHashMap<>();

  public PasswordAuthenticator(
      TokenDirectory tokens, AccountDirectory directory, Accounts accounts) {
    this.bearer = new BearerAuthenticator(tokens);
    this.directory = directory;
    this.accounts = accounts;
  }

  @Override
  public Caller authenticate(HttpServerRequest request) {
    if (!isBasic(request)) {
      return bearer.authenticate(request);
    }
    Shown shown = shown(request);
    return shown == null ? null : directory.authenticate(shown.email, shown.password);
  }

  @Override
  public boolean looksUp() {
    return true;
  }

  @Override
  public Completable lookUp(HttpServerRequest request) {
    Shown shown = isBasic(request) ? shown(request) : null;
    if (shown == null
        || directory.authenticate(shown.email, shown.password) != null
        || directory.refuses(shown.email, shown.password)) {
      return null;
    }
    if (underWay.size() >= MAX_CHECKS && !underWay.containsKey(shown)) {
      return Completable.error(
          new ProblemException(new Problem.Unavailable("too many logins at once", RETRY_SECONDS)));
    }
    return underWay.computeIfAbsent(shown, this::check);
  }

  @Override
  public String demand() {
    return "a valid email address and password, or a valid bearer token, is required";
  }

  @Override
  public String challenge() {
    return "Basic realm=\"Mooring\", charset=\"UTF-8\", Bearer";
  }

  private Completable check(Shown shown) {
    return Completable.defer(
            () -> {
              Runnable refusal = directory.refusal(shown.email, shown.password);
              return accounts
                  .check(shown.email, shown.password)
                  .doOnSuccess(account -> directory.found(account, shown.password))
                  .doOnComplete(refusal::run)
                  .ignoreElement();
            })
        .doFinally(() -> underWay.remove(shown))
        .cache();
  }

  private static boolean isBasic(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /** Null when that is not what the scheme asks for. */
  private static Shown shown(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header.length() > MAX_CREDENTIALS) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String text = new String(decoded, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 || text.chars().anyMatch(Character::isISOControl)
          ? null
          : new Shown(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What a request shows. */
  private record Shown(String email, String password) {
    @Override
    public String toString() {
      return "Shown[]";
    }
  }
}

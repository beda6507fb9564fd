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
  private final Map<String, Completable> underWay = new ConcurrentHashMap<>();

  public PasswordAuthenticator(
      TokenDirectory tokens, AccountDirectory directory, Accounts accounts) {
    this.bearer = new BearerAuthenticator(tokens);
    this.directory = directory;
    this.accounts = accounts;
  }

  @Override
  public Caller authenticate(HttpServerRequest request) {
    String credentials = credentials(request);
    return credentials == null ? bearer.authenticate(request) : directory.authenticate(credentials);
  }

  @Override
  public boolean looksUp() {
    return true;
  }

  @Override
  public Completable lookUp(HttpServerRequest request) {
    String credentials = credentials(request);
    if (credentials == null || directory.authenticate(credentials) != null) {
      return null;
    }
    String decoded = decoded(credentials);
    int colon = decoded.indexOf(':');
    if (colon < 0 || decoded.chars().anyMatch(Character::isISOControl)) {
      return null;
    }
    if (underWay.size() >= MAX_CHECKS && !underWay.containsKey(credentials)) {
      return Completable.error(
          new ProblemException(new Problem.Unavailable("too many logins at once", RETRY_SECONDS)));
    }
    return underWay.computeIfAbsent(
        credentials,
        first -> check(first, decoded.substring(0, colon), decoded.substring(colon + 1)));
  }

  @Override
  public String demand() {
    return "a valid email address and password, or a valid bearer token, is required";
  }

  @Override
  public String challenge() {
    return "Basic realm=\"Mooring\", charset=\"UTF-8\", Bearer";
  }

  private Completable check(String credentials, String email, String password) {
    return accounts
        .check(email, password)
        .doOnSuccess(account -> directory.found(credentials, account))
        .ignoreElement()
        .doFinally(() -> underWay.remove(credentials))
        .cache();
  }

  /** As they were sent; null when the request shows none of this scheme. */
  private static String credentials(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    boolean basic = header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    return basic && header.length() <= MAX_CREDENTIALS
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  /** Empty when they are not what the scheme asks for. */
  private static String decoded(String credentials) {
    try {
      return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}

package mooring.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import mooring.core.Caller;
import mooring.status.TokenDirectory;

/** Bearer tokens (RFC 6750), looked up in memory. */
public final class BearerAuthenticator implements Authenticator {
  private static final String SCHEME = "Bearer ";
  private static final int MAX_SECRET = 1024;

  private final TokenDirectory tokens;

  public BearerAuthenticator(TokenDirectory tokens) {
    this.tokens = tokens;
  }

  @Override
  public Caller authenticate(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    String secret = header.substring(SCHEME.length()).strip();
    return secret.isEmpty() || secret.length() > MAX_SECRET ? null : tokens.authenticate(secret);
  }

  @Override
  public String challenge() {
    return "Bearer";
  }
}

package mooring.api;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mooring.core.AccessKey;
import mooring.core.Caller;
import mooring.status.AccessKeyDirectory;

/**
 * Requests that are signed with an access key, body included. The signature covers the path as the
 * client sent it, so a proxy that takes a prefix away has to say so, and has to be believed.
 */
public final class SignatureAuthenticator implements Authenticator {
  /** Some clients sign for the very moment at which they send. */
  private static final long LATE_SECONDS = Duration.ofMinutes(1).toSeconds();

  private static final long AHEAD_SECONDS = Duration.ofMinutes(15).toSeconds();
  private static final int MAX_PARAMETERS = 1_024;

  private static final String INVALID = "the request's signature is not valid";
  private static final String EXPIRED = "the request's signature has expired, or expires too late";

  private final AccessKeyDirectory keys;
  private final Proxies proxies;
  private final Clock clock;

  /**
   * @param proxies that are believed when they say what they have taken from paths
   */
  public SignatureAuthenticator(AccessKeyDirectory keys, Proxies proxies, Clock clock) {
    this.keys = keys;
    this.proxies = proxies;
    this.clock = clock;
  }

  @Override
  public Caller authenticate(HttpServerRequest request) {
    return authenticate(request, Buffer.buffer());
  }

  @Override
  public boolean signsBodies() {
    return true;
  }

  @Override
  public boolean credible(HttpServerRequest request) {
    RequestSignature shown = shown(request);
    if (shown != null) {
      key(shown);
    }
    return shown != null;
  }

  @Override
  public Caller authenticate(HttpServerRequest request, Buffer body) {
    RequestSignature shown = shown(request);
    if (shown == null) {
      return null;
    }
    AccessKey key = key(shown);
    RequestSignature.Signed signed =
        new RequestSignature.Signed(
            request.method().name(),
            proxies.address(request).prefix() + request.path(),
            query(request, shown),
            body);
    if (!shown.matches(key.secret(), signed)) {
      throw refused(INVALID);
    }
    return new Caller(key.tenant(), key.id(), null);
  }

  @Override
  public String demand() {
    return "the request must be signed with an access key";
  }

  @Override
  public String challenge() {
    return RequestSignature.SCHEME;
  }

  /** Null when nothing is shown. */
  private static RequestSignature shown(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      return null;
    }
    RequestSignature shown = RequestSignature.parse(header);
    if (shown == null) {
      throw refused(INVALID);
    }
    return shown;
  }

  private AccessKey key(RequestSignature shown) {
    long now = clock.instant().getEpochSecond();
    if (shown.expires() < now - LATE_SECONDS || shown.expires() > now + AHEAD_SECONDS) {
      throw refused(EXPIRED);
    }
    AccessKey key = keys.find(shown.credential());
    if (key == null) {
      throw refused(INVALID);
    }
    return key;
  }

  /** Not read where none of it is signed: it may have any form then. */
  private static Map<String, List<String>> query(
      HttpServerRequest request, RequestSignature shown) {
    String query = request.query();
    if (query == null || shown.arguments().isEmpty()) {
      return Map.of();
    }
    try {
      return new QueryStringDecoder(query, StandardCharsets.UTF_8, false, MAX_PARAMETERS, true)
          .parameters();
    } catch (IllegalArgumentException e) { // a percent sign without its digits
      throw refused(INVALID);
    }
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Refusal.of(Fault.FORBIDDEN, message));
  }
}

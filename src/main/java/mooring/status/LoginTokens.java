package mooring.status;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.jwt.JwtHmacParameters;
import com.google.crypto.tink.jwt.JwtMac;
import com.google.crypto.tink.jwt.JwtMacConfig;
import com.google.crypto.tink.jwt.JwtValidator;
import com.google.crypto.tink.jwt.RawJwt;
import com.google.crypto.tink.jwt.VerifiedJwt;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.Account;
import mooring.core.Caller;

/**
 * The tokens that stand for a login: JSON Web Tokens (RFC 7519) with HS256, which every replica
 * makes and checks without asking anybody. One that has been checked is remembered until it
 * expires, so that a poll pays for it once.
 */
public final class LoginTokens {
  /** How long one works. */
  public static final Duration LIFETIME = Duration.ofHours(1);

  private static final String TYPE = "JWT";
  private static final String ISSUER = "mooring";
  private static final String TENANT = "tenant";
  private static final int KEY_BYTES = 32;
  private static final int REMEMBERED = 10_000;

  private record Known(Caller caller, Instant until) {}

  private final Map<Digest, Known> known = new ConcurrentHashMap<>();
  private final JwtMac mac;
  private final JwtValidator validator;
  private final Clock clock;

  private LoginTokens(JwtMac mac, Clock clock) {
    this.mac = mac;
    this.clock = clock;
    this.validator =
        JwtValidator.newBuilder()
            .expectTypeHeader(TYPE)
            .expectIssuer(ISSUER)
            .setClock(clock)
            .build();
  }

  /**
   * Opens a keyset.
   *
   * @param keyset of {@link #newKeyset}
   * @throws IllegalStateException when it is none; the message repeats nothing of it
   */
  public static LoginTokens of(String keyset, Clock clock) {
    try {
      JwtMacConfig.register();
      KeysetHandle handle =
          TinkJsonProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get());
      return new LoginTokens(handle.getPrimitive(RegistryConfiguration.get(), JwtMac.class), clock);
    } catch (GeneralSecurityException | RuntimeException e) {
      // No cause: a parser's message may quote key material.
      throw new IllegalStateException("the key of the login tokens cannot be read", null);
    }
  }

  /** Makes a keyset with one new key, in Tink's JSON format. */
  public static String newKeyset() {
    try {
      JwtMacConfig.register();
      KeysetHandle handle =
          KeysetHandle.generateNew(
              JwtHmacParameters.builder()
                  .setAlgorithm(JwtHmacParameters.Algorithm.HS256)
                  .setKeySizeBytes(KEY_BYTES)
                  .setKidStrategy(JwtHmacParameters.KidStrategy.BASE64_ENCODED_KEY_ID)
                  .build());
      return TinkJsonProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key for login tokens cannot be made here", e);
    }
  }

  /** A token for an account that has shown who it is. */
  public String issue(Account account) {
    Instant now = clock.instant();
    RawJwt token =
        RawJwt.newBuilder()
            .setTypeHeader(TYPE)
            .setIssuer(ISSUER)
            .setSubject(account.id().toString())
            .addStringClaim(TENANT, account.tenant().toString())
            .setJwtId(UUID.randomUUID().toString())
            .setIssuedAt(now)
            .setExpiration(now.plus(LIFETIME))
            .build();
    try {
      return mac.computeMacAndEncode(token);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a login token cannot be signed", e);
    }
  }

  /** Who holds a token; null when it is none, or no more. */
  Caller authenticate(Digest digest, String token) {
    Known checked = known.get(digest);
    if (checked == null) {
      return check(digest, token);
    }
    if (clock.instant().isBefore(checked.until)) {
      return checked.caller;
    }
    known.remove(digest);
    return null;
  }

  private Caller check(Digest digest, String token) {
    try {
      VerifiedJwt jwt = mac.verifyMacAndDecode(token, validator);
      UUID account = UUID.fromString(jwt.getSubject());
      UUID tenant = UUID.fromString(jwt.getStringClaim(TENANT));
      Caller caller = new Caller(tenant, account, null);
      remember(digest, new Known(caller, jwt.getExpiration()));
      return caller;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return null;
    }
  }

  private void remember(Digest digest, Known checked) {
    if (known.size() >= REMEMBERED) {
      Instant now = clock.instant();
      known.values().removeIf(old -> !now.isBefore(old.until));
      if (known.size() >= REMEMBERED) {
        // Only as many checks more.
        known.clear();
      }
    }
    known.put(digest, checked);
  }
}

package mooring.core;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes passwords and token secrets. */
public final class Secrets {
  private static final int PASSWORD_BYTES = 24;
  private static final int TOKEN_BYTES = 32;
  private static final int ACCESS_KEY_BYTES = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** A password of 32 URL-safe characters. */
  public static String password() {
    return random(PASSWORD_BYTES);
  }

  /** A token secret of 43 URL-safe characters after a prefix that is cosmetic. */
  public static String token(String prefix) {
    return prefix + random(TOKEN_BYTES);
  }

  /** The name of an access key: a prefix that is cosmetic, and 24 lower-case hexadecimal digits. */
  public static String accessKey(String prefix) {
    byte[] bytes = new byte[ACCESS_KEY_BYTES];
    RANDOM.nextBytes(bytes);
    return prefix + HexFormat.of().formatHex(bytes);
  }

  private static String random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

package mooring.core;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes passwords and token secrets. */
public final class Secrets {
  private static final int PASSWORD_BYTES = 24;
  private static final int TOKEN_BYTES = 32;
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

  private static String random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

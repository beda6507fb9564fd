package mooring.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The ids that clients see: unguessable enough not to collide often, short enough to read. */
final class ShortIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private ShortIds() {}

  /** 8 random lower-case hexadecimal digits; whether they are free, a constraint decides. */
  static String next() {
    return HexFormat.of().toHexDigits(RANDOM.nextInt());
  }
}

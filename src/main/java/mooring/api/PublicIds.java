package mooring.api;

import java.util.UUID;

/** The ids that clients see: a prefix for the kind, and 8 lower-case hexadecimal digits. */
public final class PublicIds {
  private static final int DIGITS = 8;
  private static final int UUID_LENGTH = 36;

  private PublicIds() {}

  /** The UUID (RFC 9562) that an id writes, in either case; null when it has another form. */
  public static UUID uuid(String id) {
    if (id.length() != UUID_LENGTH) {
      return null;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
      char c = id.charAt(i);
      if (hyphen ? c != '-' : Character.digit(c, 16) < 0 || c > 'f') {
        return null;
      }
    }
    return UUID.fromString(id);
  }

  /** The short id within an id; null when it has another form. */
  public static String shortId(String prefix, String id) {
    if (id.length() != prefix.length() + DIGITS || !id.startsWith(prefix)) {
      return null;
    }
    for (int i = prefix.length(); i < id.length(); i++) {
      char c = id.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return null;
      }
    }
    return id.substring(prefix.length());
  }
}

package mooring.api;

/** The ids that clients see: a prefix for the kind, and 8 lower-case hexadecimal digits. */
public final class PublicIds {
  private static final int DIGITS = 8;

  private PublicIds() {}

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

package mooring.api.uncloud;

/** The ids of this API: a prefix and 8 lower-case hexadecimal digits. */
final class UncloudIds {
  static final String DATABASE = "db_";
  static final String TOKEN = "tok_";
  private static final int DIGITS = 8;

  private UncloudIds() {}

  /** The short id within an id; null when it has another form. */
  static String shortId(String prefix, String id) {
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

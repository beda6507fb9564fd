package mooring.api;

/** The comparison that {@code If-None-Match} asks for (RFC 9110 section 13.1.2). */
final class EntityTags {
  private EntityTags() {}

  /**
   * Whether a condition names a tag: {@code *}, or a list that holds it, weak or not.
   *
   * @param condition the header's value
   * @param tag a strong tag, quotes included
   */
  static boolean match(String condition, String tag) {
    if (condition.equals(tag)) {
      return true;
    }
    if (condition.strip().equals("*")) {
      return true;
    }
    int from = 0;
    while (true) {
      int at = condition.indexOf(tag, from);
      if (at < 0) {
        return false;
      }
      if (startsElement(condition, at) && endsElement(condition, at + tag.length())) {
        return true;
      }
      from = at + 1;
    }
  }

  private static boolean startsElement(String list, int at) {
    int i = at;
    if (i >= 2 && list.startsWith("W/", i - 2)) {
      i -= 2;
    }
    while (i > 0 && blank(list.charAt(i - 1))) {
      i--;
    }
    return i == 0 || list.charAt(i - 1) == ',';
  }

  private static boolean endsElement(String list, int at) {
    int i = at;
    while (i < list.length() && blank(list.charAt(i))) {
      i++;
    }
    return i == list.length() || list.charAt(i) == ',';
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }
}

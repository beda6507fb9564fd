package mooring.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** The comparison that {@code If-None-Match} asks for (RFC 9110 section 13.1.2). */
final class EntityTags {
  private EntityTags() {}

  /**
   * Whether a request names a tag; several lines are one list (RFC 9110 section 5.3).
   *
   * @param tag a strong tag, quotes included
   */
  static boolean named(HttpServerRequest request, String tag) {
    String first = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (first == null) {
      return false;
    }
    // Nearly always the first line is the only one: no others are looked for when it will do.
    return match(first, tag)
        || request.headers().getAll(HttpHeaders.IF_NONE_MATCH).stream()
            .anyMatch(line -> match(line, tag));
  }

  /**
   * Whether a condition names a tag: {@code *}, or a list that holds it, weak or not.
   *
   * @param condition the header's value
   * @param tag a strong tag, quotes included
   */
  private static boolean match(String condition, String tag) {
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

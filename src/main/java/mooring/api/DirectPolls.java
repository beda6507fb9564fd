package mooring.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * The polls of one thing, found by their paths without the router, whose work would be a tenth of
 * what such a poll costs. Only where that leaves nothing out: the path's last segment is its only
 * parameter and is sent as it is, there is no query, and the operation reads nothing else.
 * Everything else goes the router's way, which serves these polls too, and refuses a request
 * without a valid host (RFC 9112, section 3.2).
 */
final class DirectPolls {
  private final Map<String, PollHandler> byParent = new HashMap<>();

  /**
   * Adds a poll.
   *
   * @param parent its path up to the parameter, with the slash before it
   */
  void add(String parent, PollHandler poll) {
    if (byParent.put(parent, poll) != null) {
      throw new IllegalStateException("two APIs serve " + parent);
    }
  }

  /**
   * Serves a request if it is such a poll.
   *
   * @param path as it was sent
   * @return whether it was; if not, nothing has been done
   */
  boolean serve(HttpServerRequest request, String path) {
    int id = path.lastIndexOf('/') + 1;
    if (!reads(request.method()) || !isPlain(path, id) || request.query() != null) {
      return false;
    }
    PollHandler poll = byParent.get(path.substring(0, id));
    if (poll == null || request.authority() == null) {
      return false;
    }
    poll.handle(request, path.substring(id));
    return true;
  }

  private static boolean reads(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  /** Whether a path ends with a segment in which nothing is encoded, and that is no dot segment. */
  private static boolean isPlain(String path, int from) {
    for (int i = from; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9';
      if (!letter && !digit && c != '-' && c != '_') {
        return false;
      }
    }
    return from < path.length();
  }
}

package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Lists, whole or page by page. A page shows the objects as they are when it is read, under the
 * resourceVersion of the first page: who then watches from that version hears again of what has
 * changed in between, and misses nothing.
 */
final class Lists {
  private final ObjectStore store;
  private final LongPredicate watchable;

  /**
   * One page.
   *
   * @param next token of the next page, empty on the last
   * @param remaining how many objects follow, -1 when unknown
   */
  record Page(List<Stored> items, long version, String next, long remaining) {}

  /**
   * @param watchable whether a watch could still start from a version
   */
  Lists(ObjectStore store, LongPredicate watchable) {
    this.store = store;
    this.watchable = watchable;
  }

  Page page(ApiRequest request) {
    Predicate<Stored> selector = request.selector();
    Token start = Token.of(request.parameter("continue"), store.version());
    if (!watchable.test(start.version())) {
      throw StatusException.expired(
          "The provided continue parameter is too old to display a consistent list result.");
    }
    long limit = request.number("limit", 0);
    List<Stored> items = new ArrayList<>();
    long remaining = 0;
    for (Stored stored : candidates(request)) {
      if (stored.key().path().compareTo(start.after()) <= 0 || !selector.test(stored)) {
        continue;
      }
      if (limit > 0 && items.size() >= limit) {
        remaining++;
      } else {
        items.add(stored);
      }
    }
    String next =
        remaining == 0
            ? ""
            : new Token(start.version(), items.get(items.size() - 1).key().path()).text();
    return new Page(items, start.version(), next, request.selects() ? -1 : remaining);
  }

  /** All that the request selects. */
  List<Stored> all(ApiRequest request) {
    Predicate<Stored> selector = request.selector();
    return candidates(request).stream().filter(selector).toList();
  }

  private Collection<Stored> candidates(ApiRequest request) {
    String name = request.fieldSelector().name();
    boolean placed = !request.namespace().isEmpty() || !request.type().namespaced();
    if (name != null && placed) {
      return store.get(new ObjectKey(request.type(), request.namespace(), name)).stream().toList();
    }
    return store.list(request.type(), request.namespace());
  }

  static ObjectNode metadata(Page page) {
    ObjectNode meta = Json.object().put("resourceVersion", Long.toString(page.version()));
    if (!page.next().isEmpty()) {
      meta.put("continue", page.next());
      if (page.remaining() >= 0) {
        meta.put("remainingItemCount", page.remaining());
      }
    }
    return meta;
  }

  /** The list as it is sent: its items' bytes joined. */
  static Buffer encode(ResourceType type, Page page) {
    Buffer buffer =
        Buffer.buffer()
            .appendString("{\"kind\":\"" + type.kind() + "List\",\"apiVersion\":\"")
            .appendString(type.apiVersion())
            .appendString("\",\"metadata\":")
            .appendBytes(Json.bytes(metadata(page)))
            .appendString(",\"items\":[");
    boolean first = true;
    for (Stored stored : page.items()) {
      if (!first) {
        buffer.appendByte((byte) ',');
      }
      first = false;
      buffer.appendBuffer(stored.bytes());
    }
    return buffer.appendString("]}");
  }

  private record Token(long version, String after) {
    static Token of(String text, long current) {
      if (text.isEmpty()) {
        return new Token(current, "");
      }
      try {
        JsonNode json = Json.read(Base64.getUrlDecoder().decode(text));
        return new Token(json.path("rv").asLong(), json.path("start").asText());
      } catch (IOException | IllegalArgumentException e) {
        throw StatusException.badRequest("continue key is not valid");
      }
    }

    String text() {
      ObjectNode json = Json.object().put("rv", version).put("start", after);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(json));
    }
  }
}

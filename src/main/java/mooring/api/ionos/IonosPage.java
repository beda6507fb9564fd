package mooring.api.ionos;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import mooring.api.Parameters;
import mooring.status.Encoded;

/** A part of a list, from an offset on, with links to itself and to what is beside it. */
final class IonosPage {
  static final String FILTER = "filter.name";
  static final String SYSTEM = "system";
  private static final String COLLECTION = "collection";

  private final Parameters asked;
  private final int offset;
  private final int limit;

  IonosPage(Parameters asked) {
    this.asked = asked;
    this.offset = asked.integer("offset");
    this.limit = asked.integer("limit");
  }

  /** The part of all that was asked for; an order of items is an order of their tags. */
  <T> Encoded of(String id, List<T> all, Function<T, Encoded> item) {
    JsonObject head =
        new JsonObject()
            .put("type", COLLECTION)
            .put("id", id)
            .put("offset", offset)
            .put("limit", limit)
            .put("links", links(all.size()));
    return joined(head.encode(), all, item);
  }

  /** The same for what lies within a cluster: there it has a place, and its links another name. */
  <T> Encoded within(String id, String href, List<T> all, Function<T, Encoded> item) {
    JsonObject head =
        new JsonObject()
            .put("type", COLLECTION)
            .put("id", id)
            .put("href", href)
            .put("offset", offset)
            .put("limit", limit)
            .put("_links", links(all.size()));
    return joined(head.encode(), all, item);
  }

  private <T> Encoded joined(String head, List<T> all, Function<T, Encoded> item) {
    Buffer body = Buffer.buffer(head.substring(0, head.length() - 1)).appendString(",\"items\":[");
    StringBuilder tags = new StringBuilder(head);
    String separator = "";
    for (T one : all.stream().skip(offset).limit(limit).toList()) {
      Encoded encoded = item.apply(one);
      body.appendString(separator).appendBuffer(encoded.body());
      tags.append(encoded.etag());
      separator = ",";
    }
    return Encoded.joined(body.appendString("]}"), tags.toString());
  }

  private JsonObject links(int total) {
    JsonObject links = new JsonObject();
    if (offset > 0) {
      links.put("prev", link(Math.max(0, offset - limit)));
    }
    links.put("self", link(offset));
    if ((long) offset + limit < total) {
      links.put("next", link(offset + limit));
    }
    return links;
  }

  private String link(int from) {
    String name = asked.string(FILTER);
    String filter =
        name == null ? "" : "&" + FILTER + "=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    String system = asked.flag(SYSTEM) ? "&" + SYSTEM + "=true" : "";
    return asked.address().url() + "?limit=" + limit + "&offset=" + from + filter + system;
  }
}

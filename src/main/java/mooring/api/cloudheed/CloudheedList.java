package mooring.api.cloudheed;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Api;
import mooring.status.Encoded;
import mooring.status.Listing;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** The list of databases, page by page, from memory. */
final class CloudheedList {
  private static final int PAGE_SIZE = 20;

  /**
   * What is asked for.
   *
   * @param number the first is 1
   * @param size how many databases a page holds
   * @param status null for any
   * @param region null for any
   */
  private record Page(int number, int size, String status, String region) {
    static final Page FIRST = new Page(1, PAGE_SIZE, null, null);

    static Page of(Parameters asked) {
      return new Page(
          asked.integer("page"),
          asked.integer("per_page"),
          asked.string("status"),
          asked.string("region"));
    }
  }

  private final StatusCache cache;
  private final CloudheedPolls polls;
  private final CloudheedMapper mapper;

  CloudheedList(StatusCache cache, CloudheedPolls polls, CloudheedMapper mapper) {
    this.cache = cache;
    this.polls = polls;
    this.mapper = mapper;
  }

  /** The poll; what everybody asks first is made once per change. */
  Poll poll() {
    return (caller, id, more) -> {
      Page page = Page.of(more);
      Listing listing = cache.list(caller.tenant());
      return page.equals(Page.FIRST)
          ? listing.encoded(Api.CLOUDHEED, all -> encode(all, page))
          : encode(listing, page);
    };
  }

  /** The items' bytes; items in an order with the numbers are what the tag says. */
  private Encoded encode(Listing listing, Page page) {
    List<Snapshot> matching =
        listing.snapshots().stream().filter(snapshot -> matches(snapshot, page)).toList();
    long from = (page.number - 1L) * page.size;
    Buffer body = Buffer.buffer("{\"databases\":[");
    StringBuilder tags = new StringBuilder();
    String separator = "";
    for (Snapshot snapshot : matching.stream().skip(from).limit(page.size).toList()) {
      Encoded encoded = polls.encoded(snapshot);
      body.appendString(separator).appendBuffer(encoded.body());
      tags.append(encoded.etag());
      separator = ",";
    }
    String meta = meta(page, matching.size()).encode();
    body.appendString("],\"meta\":").appendString(meta).appendString("}");
    return Encoded.joined(body, tags + meta);
  }

  private boolean matches(Snapshot snapshot, Page page) {
    return CloudheedPolls.isVisible(snapshot.instance())
        && (page.status == null
            || page.status.equals(CloudheedStatus.word(snapshot.status().state())))
        && (page.region == null || page.region.equals(mapper.region(snapshot.instance())));
  }

  private static JsonObject meta(Page page, int total) {
    return new JsonObject()
        .put("page", page.number)
        .put("per_page", page.size)
        .put("total", total)
        .put("total_pages", (total + page.size - 1) / page.size);
  }
}

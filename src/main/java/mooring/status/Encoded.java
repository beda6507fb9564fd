package mooring.status;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A JSON body as it is sent, encoded once per change. What bodies have in common is shared between
 * them, and the tag is kept as a number: among many databases each is rarely in the processor's
 * caches, and every object of its own is one more wait for memory, which takes longer than to write
 * the number out.
 */
public final class Encoded {
  /** Held by its client alone, which asks again each time. */
  public static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("private, no-cache");

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final HexFormat HEX = HexFormat.of();
  private static final int SHARED_LENGTHS = 8_192;
  private static final Map<Integer, MultiMap> HEADERS_BY_LENGTH = new ConcurrentHashMap<>();

  private final Buffer body;
  private final long tagHigh;
  private final long tagLow;
  private final MultiMap headers;

  /**
   * @param tagged what the tag is a hash of
   */
  private Encoded(Buffer body, byte[] tagged) {
    Digest digest = Digest.of(tagged);
    this.body = body;
    this.tagHigh = digest.first();
    this.tagLow = digest.second();
    this.headers = headers(body.length());
  }

  /** Tags a body with a hash of its bytes. */
  public static Encoded of(Buffer body) {
    return new Encoded(body, body.getBytes());
  }

  /**
   * Tags a body made of parts with a hash of their tags, which says the same at less cost.
   *
   * @param tags the parts' tags, in order
   */
  public static Encoded joined(Buffer body, String tags) {
    return new Encoded(body, tags.getBytes(StandardCharsets.US_ASCII));
  }

  /** The bytes; never written to again. */
  public Buffer body() {
    return body;
  }

  /** A strong entity tag over the bytes, quotes included (RFC 9110 section 8.8.3). */
  public String etag() {
    return '"' + HEX.toHexDigits(tagHigh) + HEX.toHexDigits(tagLow) + '"';
  }

  /** The other header fields of an answer with this body; immutable. */
  public MultiMap headers() {
    return headers;
  }

  /** One for all bodies of a length: the answer's own map is a copy, made of what is at hand. */
  private static MultiMap headers(int length) {
    return length < SHARED_LENGTHS
        ? HEADERS_BY_LENGTH.computeIfAbsent(length, Encoded::newHeaders)
        : newHeaders(length);
  }

  private static MultiMap newHeaders(int length) {
    return HttpHeaders.headers()
        .set(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
        .set(HttpHeaders.CONTENT_TYPE, JSON)
        .set(HttpHeaders.CONTENT_LENGTH, HttpHeaders.createOptimized(Integer.toString(length)))
        .copy(false);
  }
}

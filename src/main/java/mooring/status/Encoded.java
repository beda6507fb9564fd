package mooring.status;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A JSON body as it is sent, encoded once per change. What bodies have in common is shared between
 * them: among many databases each is rarely in the processor's caches, and every object of its own
 * is one more wait for memory.
 *
 * @param body the bytes; never written to again
 * @param etag a strong entity tag over the bytes, quotes included (RFC 9110 section 8.8.3)
 * @param etagField the tag as the value of a header field
 * @param headers the other header fields of an answer with this body; immutable
 */
public record Encoded(Buffer body, String etag, CharSequence etagField, MultiMap headers) {
  /** Held by its client alone, which asks again each time. */
  public static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("private, no-cache");

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final int TAG_BYTES = 16;
  private static final int SHARED_LENGTHS = 8_192;
  private static final Map<Integer, MultiMap> HEADERS_BY_LENGTH = new ConcurrentHashMap<>();

  /** Tags a body with a hash of its bytes. */
  public static Encoded of(Buffer body) {
    return tagged(body, tag(body.getBytes()));
  }

  /**
   * Tags a body made of parts with a hash of their tags, which says the same at less cost.
   *
   * @param tags the parts' tags, in order
   */
  public static Encoded joined(Buffer body, String tags) {
    return tagged(body, tag(tags.getBytes(StandardCharsets.US_ASCII)));
  }

  private static Encoded tagged(Buffer body, String etag) {
    return new Encoded(body, etag, HttpHeaders.createOptimized(etag), headers(body.length()));
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

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      BigInteger head = new BigInteger(1, Arrays.copyOf(digest, TAG_BYTES));
      return '"' + head.toString(Character.MAX_RADIX) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

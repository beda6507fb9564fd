package mooring.status;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A JSON body as it is sent, encoded once per change.
 *
 * @param body the bytes; never written to again
 * @param etag a strong entity tag over the bytes, quotes included (RFC 9110 section 8.8.3)
 * @param headers the header fields of an answer with this body; immutable, so that every answer
 *     shares them and none has to check and copy them again
 */
public record Encoded(Buffer body, String etag, MultiMap headers) {
  /** Held by its client alone, which asks again each time. */
  public static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("private, no-cache");

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final int TAG_BYTES = 16;

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
    MultiMap headers =
        HttpHeaders.headers()
            .set(HttpHeaders.ETAG, HttpHeaders.createOptimized(etag))
            .set(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
            .set(HttpHeaders.CONTENT_TYPE, JSON)
            .set(
                HttpHeaders.CONTENT_LENGTH,
                HttpHeaders.createOptimized(Integer.toString(body.length())));
    return new Encoded(body, etag, headers.copy(false));
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

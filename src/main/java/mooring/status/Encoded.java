package mooring.status;

import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A body as it is sent, encoded once per change.
 *
 * @param body the bytes; never written to again
 * @param etag a strong entity tag over the bytes, quotes included (RFC 9110 section 8.8.3)
 */
public record Encoded(Buffer body, String etag) {
  private static final int TAG_BYTES = 16;

  /** Tags a body with a hash of its bytes. */
  public static Encoded of(Buffer body) {
    return new Encoded(body, tag(body.getBytes()));
  }

  /**
   * Tags a body made of parts with a hash of their tags, which says the same at less cost.
   *
   * @param tags the parts' tags, in order
   */
  public static Encoded joined(Buffer body, String tags) {
    return new Encoded(body, tag(tags.getBytes(StandardCharsets.US_ASCII)));
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

package mooring.status;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as numbers: a key that each request makes at little cost, and what entity tags are. */
record Digest(long first, long second, long third, long fourth) {
  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Digest::sha256);

  /** Of a secret. */
  static Digest of(String secret) {
    return of(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** Of bytes, which are hashed. */
  static Digest of(byte[] bytes) {
    return numbers(SHA_256.get().digest(bytes));
  }

  /** From its hexadecimal digits. */
  static Digest parse(String hash) {
    return numbers(HexFormat.of().parseHex(hash));
  }

  /** Of a secret, in lower-case hexadecimal digits. */
  static String hex(String secret) {
    return HexFormat.of().formatHex(SHA_256.get().digest(secret.getBytes(StandardCharsets.UTF_8)));
  }

  private static Digest numbers(byte[] digest) {
    ByteBuffer numbers = ByteBuffer.wrap(digest);
    return new Digest(numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

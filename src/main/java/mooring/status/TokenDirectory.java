package mooring.status;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import mooring.core.Caller;
import mooring.core.Token;

/**
 * The working tokens by the hash of their secret. A revoked token is gone as soon as the feed has
 * told of it; an expired one by its own date.
 */
public final class TokenDirectory {
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(TokenDirectory::sha256);

  private final Map<Digest, Entry> byHash = new ConcurrentHashMap<>();
  private final Clock clock;

  public TokenDirectory(Clock clock) {
    this.clock = clock;
  }

  /** Who holds a secret; null when nobody does, or no more. */
  public Caller authenticate(String secret) {
    Entry entry = byHash.get(Digest.of(digest(secret)));
    if (entry == null) {
      return null;
    }
    Instant now = clock.instant();
    if (!entry.token.valid(now)) {
      return null;
    }
    entry.lastUsed = now;
    return entry.caller;
  }

  /** When tokens were used since this was last asked, by id. */
  public Map<UUID, Instant> drainLastUsed() {
    Map<UUID, Instant> used = new HashMap<>();
    for (Entry entry : byHash.values()) {
      Instant at = entry.lastUsed;
      if (at != null) {
        entry.lastUsed = null;
        used.put(entry.token.id(), at);
      }
    }
    return used;
  }

  /** SHA-256 of a secret, in lower-case hexadecimal digits: the form in which it is stored. */
  public static String hash(String secret) {
    return HexFormat.of().formatHex(digest(secret));
  }

  private static byte[] digest(String secret) {
    return SHA_256.get().digest(secret.getBytes(StandardCharsets.UTF_8));
  }

  void replaceAll(List<Token> tokens) {
    Set<Digest> kept =
        tokens.stream().map(token -> Digest.parse(token.hash())).collect(Collectors.toSet());
    tokens.forEach(this::put);
    byHash.keySet().retainAll(kept);
  }

  void put(Token token) {
    byHash.compute(
        Digest.parse(token.hash()),
        (hash, known) -> {
          if (known != null && known.token.revision() > token.revision()) {
            return known;
          }
          return token.revokedAt() == null ? new Entry(token) : null;
        });
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** SHA-256 as numbers: a key that each request makes at little cost. */
  private record Digest(long first, long second, long third, long fourth) {
    static Digest of(byte[] digest) {
      ByteBuffer numbers = ByteBuffer.wrap(digest);
      return new Digest(numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong());
    }

    static Digest parse(String hash) {
      return of(HexFormat.of().parseHex(hash));
    }
  }

  private static final class Entry {
    final Token token;
    final Caller caller;
    volatile Instant lastUsed;

    Entry(Token token) {
      this.token = token;
      this.caller = token.caller();
    }
  }
}

package mooring.status;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
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
 * told of it; an expired one, and a secret exchanged for another, by its own date.
 */
public final class TokenDirectory {
  private final Map<Digest, Entry> byHash = new ConcurrentHashMap<>();
  private final Map<UUID, Token> byId = new HashMap<>();
  private final Clock clock;
  private final LoginTokens logins;

  /** Of API tokens alone. */
  public TokenDirectory(Clock clock) {
    this(clock, null);
  }

  /**
   * Of API tokens and login tokens.
   *
   * @param logins null for none
   */
  public TokenDirectory(Clock clock, LoginTokens logins) {
    this.clock = clock;
    this.logins = logins;
  }

  /** Who holds a secret; null when nobody does, or no more. */
  public Caller authenticate(String secret) {
    Digest digest = Digest.of(secret);
    Entry entry = byHash.get(digest);
    if (entry == null) {
      return logins == null ? null : logins.authenticate(digest, secret);
    }
    Instant now = clock.instant();
    if (entry.until != null && !now.isBefore(entry.until)) {
      return null;
    }
    entry.used(now);
    return entry.caller;
  }

  /** When tokens were used since this was last asked, by id. */
  public Map<UUID, Instant> drainLastUsed() {
    Map<UUID, Instant> used = new HashMap<>();
    for (Entry entry : byHash.values()) {
      Instant at = entry.lastUsed;
      if (at != null) {
        entry.lastUsed = null;
        used.merge(entry.caller.token(), at, (one, other) -> one.isAfter(other) ? one : other);
      }
    }
    return used;
  }

  /** SHA-256 of a secret, in lower-case hexadecimal digits: the form in which it is stored. */
  public static String hash(String secret) {
    return Digest.hex(secret);
  }

  /** Even an older token replaces a newer one: the store may have been put back. */
  synchronized void replaceAll(List<Token> tokens) {
    tokens.forEach(this::set);
    Set<UUID> kept = tokens.stream().map(Token::id).collect(Collectors.toSet());
    List<Token> gone = byId.values().stream().filter(token -> !kept.contains(token.id())).toList();
    gone.forEach(this::forget);
  }

  synchronized void put(Token token) {
    Token known = byId.get(token.id());
    if (known == null || known.revision() <= token.revision()) {
      set(token);
    }
  }

  private void set(Token token) {
    Token known = byId.get(token.id());
    if (token.revokedAt() == null) {
      byId.put(token.id(), token);
      Map<Digest, Entry> entries = entries(token);
      byHash.putAll(entries);
      if (known != null) {
        entries(known).keySet().stream()
            .filter(hash -> !entries.containsKey(hash))
            .forEach(byHash::remove);
      }
    } else if (known != null) {
      forget(known);
    }
  }

  private void forget(Token token) {
    byId.remove(token.id());
    entries(token).keySet().forEach(byHash::remove);
  }

  private static Map<Digest, Entry> entries(Token token) {
    Map<Digest, Entry> entries = new HashMap<>();
    Caller caller = token.caller();
    entries.put(Digest.parse(token.secret().hash()), new Entry(caller, token.expiresAt()));
    Token.Previous previous = token.previous();
    if (previous != null) {
      entries.put(Digest.parse(previous.hash()), new Entry(caller, previous.until()));
    }
    return entries;
  }

  private static final class Entry {
    final Caller caller;
    final Instant until;
    volatile Instant lastUsed;

    Entry(Caller caller, Instant until) {
      this.caller = caller;
      this.until = until;
    }

    /** Known to the second: a write that all event loops share costs each poll of a busy token. */
    void used(Instant now) {
      Instant known = lastUsed;
      if (known == null || known.getEpochSecond() != now.getEpochSecond()) {
        lastUsed = now;
      }
    }
  }
}

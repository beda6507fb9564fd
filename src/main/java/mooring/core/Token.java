package mooring.core;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * An API token; its secret is known to its holder only.
 *
 * @param id its id
 * @param shortId 8 lower-case hexadecimal digits, the id that clients see
 * @param tenant whose databases it can see
 * @param name as given
 * @param hash SHA-256 of the secret, in lower-case hexadecimal digits
 * @param scopes what it may do; null for everything
 * @param createdAt when it was made
 * @param expiresAt when it stops working; null for never
 * @param lastUsedAt to the minute; null for never
 * @param revokedAt when it was revoked; null while it works
 * @param revision of the row; a higher one is newer
 */
public record Token(
    UUID id,
    String shortId,
    UUID tenant,
    String name,
    String hash,
    Set<String> scopes,
    Instant createdAt,
    Instant expiresAt,
    Instant lastUsedAt,
    Instant revokedAt,
    long revision) {

  public Token {
    scopes = scopes == null ? null : Set.copyOf(scopes);
  }

  /** Whether it works at a time. */
  public boolean valid(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  /** Who asks when this token is shown. */
  public Caller caller() {
    return new Caller(tenant, id, scopes);
  }

  @Override
  public String toString() {
    return "Token[" + id + ", tenant=" + tenant + ", name=" + name + "]";
  }
}

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
 * @param secret what is kept of its secret
 * @param previous the secret before that; null for none
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
    StoredSecret secret,
    Previous previous,
    Set<String> scopes,
    Instant createdAt,
    Instant expiresAt,
    Instant lastUsedAt,
    Instant revokedAt,
    long revision) {

  /**
   * A secret that was exchanged for another.
   *
   * @param hash as in {@link StoredSecret}
   * @param until when it stops working
   */
  public record Previous(String hash, Instant until) {
    @Override
    public String toString() {
      return "Previous[until=" + until + "]";
    }
  }

  public Token {
    scopes = scopes == null ? null : Set.copyOf(scopes);
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

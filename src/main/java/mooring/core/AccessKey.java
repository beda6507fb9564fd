package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * What a client signs its requests with; acts for a tenant with every right.
 *
 * @param id its id
 * @param tenant for which it acts
 * @param name by which a request says that it is signed with this one
 * @param secret that makes signatures; null when it cannot be read any more
 * @param createdAt when it was made
 * @param revokedAt when it stopped working; null before
 * @param revision of the row; a higher one is newer
 */
public record AccessKey(
    UUID id,
    UUID tenant,
    String name,
    String secret,
    Instant createdAt,
    Instant revokedAt,
    long revision) {

  /** Whether requests that are signed with it are let in. */
  public boolean works() {
    return revokedAt == null && secret != null;
  }

  @Override
  public String toString() {
    return "AccessKey[" + name + ", tenant=" + tenant + "]";
  }
}

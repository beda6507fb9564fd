package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * Who logs in with a password; acts for a tenant with every right.
 *
 * @param id its id
 * @param tenant for which it acts
 * @param email unique, in lower case
 * @param name for humans
 * @param passwordHash as {@link Passwords} writes it
 * @param createdAt when it was made
 * @param revision of the row; a higher one is newer
 */
public record Account(
    UUID id,
    UUID tenant,
    String email,
    String name,
    String passwordHash,
    Instant createdAt,
    long revision) {

  @Override
  public String toString() {
    return "Account[" + id + ", tenant=" + tenant + "]";
  }
}

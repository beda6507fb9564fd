package mooring.core;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Something that was looked into about a database.
 *
 * @param id its id
 * @param instance the database
 * @param createdAt when that was asked for
 * @param success whether nothing was found that is in the way
 * @param result what was found, and what was not checked, for a human
 * @param codes what was found, for programs
 */
public record Task(
    UUID id, UUID instance, Instant createdAt, boolean success, String result, List<Code> codes) {

  public Task {
    codes = List.copyOf(codes);
  }

  /**
   * One thing that was found.
   *
   * @param code its word
   * @param database the logical database that it was found in; null for the whole server
   */
  public record Code(String code, String database) {}
}

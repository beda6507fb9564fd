package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * A backup that somebody asked for: a durable operation of its own, beside those that change the
 * database's state.
 *
 * @param id its id
 * @param shortId 8 lower-case hexadecimal digits, unique over all backups asked for
 * @param instance the database
 * @param name as given; null for none
 * @param outcome how it ended, {@link Operation.Outcome#RUNNING} before
 * @param reason why it failed; null otherwise
 * @param result what was made; null until it succeeded
 * @param attempt how often it was claimed; fences the writes of a worker that lost its lease
 * @param requestedAt when it was asked for
 * @param deadline when it ends unsuccessfully, by the database clock; until its turn has come, when
 *     it would end if that came with the request
 * @param madeAt when it was made known to the platform; null before
 * @param removedAt when its removal was asked for; null before
 */
public record BackupRequest(
    UUID id,
    String shortId,
    UUID instance,
    String name,
    Operation.Outcome outcome,
    String reason,
    Result result,
    int attempt,
    Instant requestedAt,
    Instant deadline,
    Instant madeAt,
    Instant removedAt) {

  /**
   * What a backup came to.
   *
   * @param platformId the platform's id, by which a recovery names it
   * @param sizeBytes 0 when the platform does not say
   * @param startedAt when it began; null when the platform does not say
   * @param completedAt when it was complete; null when the platform does not say
   * @param archiveDays how long the archive that it was seen in keeps it; 0 until it is removed
   */
  public record Result(
      String platformId, long sizeBytes, Instant startedAt, Instant completedAt, int archiveDays) {}

  /** Whether it has not ended. */
  public boolean running() {
    return outcome == Operation.Outcome.RUNNING;
  }

  /** Whether nothing of it is to be left. */
  public boolean removed() {
    return removedAt != null;
  }
}

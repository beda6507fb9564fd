package mooring.core;

import java.time.Instant;
import java.util.UUID;

/**
 * A durable change of one database. It runs until what was asked is real, until its deadline, or
 * until a delete supersedes it.
 *
 * @param id its id
 * @param instance the database it changes
 * @param kind what was asked
 * @param outcome how it ended, {@link Outcome#RUNNING} before
 * @param reason why it ended as it did, for a human; null on success and while it runs, unless an
 *     upgrade is being undone
 * @param acceptedIn the database's state when it was accepted
 * @param platformVersion the newest resource version the operation knows of: that of its last apply
 *     ({@link Applied#version}), then that of the observation which ended it; null before the first
 *     apply
 * @param attempt how often it was claimed; fences the writes of a worker that lost its lease
 * @param deadline when it ends unsuccessfully, by the database clock
 * @param startedAt when it was accepted
 * @param endedAt when it ended; null while it runs
 * @param cause on whose account it failed, or will have when it is undone; null when it has not,
 *     and where that is not known
 */
public record Operation(
    UUID id,
    UUID instance,
    OperationKind kind,
    Outcome outcome,
    String reason,
    InstanceState acceptedIn,
    Long platformVersion,
    int attempt,
    Instant deadline,
    Instant startedAt,
    Instant endedAt,
    Cause cause) {

  /** How an operation stands. */
  public enum Outcome {
    RUNNING,
    SUCCEEDED,
    /** Refused by the platform, or not done by its deadline. */
    FAILED,
    /** Superseded by a delete. */
    INTERRUPTED
  }

  /** On whose account an operation fails. */
  public enum Cause {
    /** The database's servers refuse it, because of what they hold. */
    SERVERS,
    /** The platform refuses it, or says that it is of no use. */
    PLATFORM,
    /** It was not done in time. */
    DEADLINE
  }

  /** One that has not failed, or of which nobody knows why. */
  public Operation(
      UUID id,
      UUID instance,
      OperationKind kind,
      Outcome outcome,
      String reason,
      InstanceState acceptedIn,
      Long platformVersion,
      int attempt,
      Instant deadline,
      Instant startedAt,
      Instant endedAt) {
    this(
        id,
        instance,
        kind,
        outcome,
        reason,
        acceptedIn,
        platformVersion,
        attempt,
        deadline,
        startedAt,
        endedAt,
        null);
  }

  /** Whether it has not ended. */
  public boolean running() {
    return outcome == Outcome.RUNNING;
  }
}

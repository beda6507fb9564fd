package mooring.core;

import java.time.Duration;

/**
 * How long operations may take before they end as failed.
 *
 * @param create of a create and of a delete
 * @param change of every other
 */
public record Deadlines(Duration create, Duration change) {

  private static final Duration RESET = Duration.ofSeconds(7);

  /** A few minutes with links, and standbys are copied anew; data may have to be copied, too. */
  private static final Duration UPGRADE = Duration.ofHours(1);

  /** Data take their time; one that cannot succeed ends as soon as the platform says so. */
  private static final Duration RECOVERY = Duration.ofHours(6);

  /** The deadline of what recovers a backup. */
  public Duration recovery() {
    return create.compareTo(RECOVERY) > 0 ? create : RECOVERY;
  }

  /** The deadline of a kind of operation. */
  public Duration of(OperationKind kind) {
    return switch (kind) {
      case CREATE, DELETE -> create;
      case RESTORE, MIGRATE -> recovery();
      case UPGRADE -> change.compareTo(UPGRADE) > 0 ? change : UPGRADE;
      // Somebody waits for the answer.
      case RESET_PASSWORD -> RESET;
      default -> change;
    };
  }
}

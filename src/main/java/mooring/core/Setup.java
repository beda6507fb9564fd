package mooring.core;

import java.time.Instant;
import java.util.Map;

/**
 * What is asked of a database beyond what it is.
 *
 * @param parameters PostgreSQL settings asked for by name, over those that follow from its size
 * @param restartedAt when its last restart was asked for; null for never
 * @param retentionDays how long its daily backups are kept; 0 when none are made
 * @param recovery what it was made from; null when it began empty
 * @param replication how standbys follow, where there are any
 */
public record Setup(
    Map<String, String> parameters,
    Instant restartedAt,
    int retentionDays,
    Recovery recovery,
    Replication replication) {

  /** Nothing beyond. */
  public static final Setup NONE = new Setup(Map.of(), null, 0, null, Replication.ASYNCHRONOUS);

  public Setup {
    parameters = Map.copyOf(parameters);
  }

  /** With other settings. */
  public Setup withParameters(Map<String, String> changed) {
    return new Setup(changed, restartedAt, retentionDays, recovery, replication);
  }

  /** With a restart asked for. */
  public Setup withRestartAt(Instant time) {
    return new Setup(parameters, time, retentionDays, recovery, replication);
  }

  /** Made from something. */
  public Setup recoveredFrom(Recovery origin) {
    return new Setup(parameters, restartedAt, retentionDays, origin, replication);
  }

  /** With another retention. */
  public Setup withRetention(int days) {
    return new Setup(parameters, restartedAt, days, recovery, replication);
  }

  /** With standbys that follow in another way. */
  public Setup withReplication(Replication mode) {
    return new Setup(parameters, restartedAt, retentionDays, recovery, mode);
  }
}

package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import mooring.core.InstanceState;
import mooring.core.Operation.Cause;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;

/**
 * Operations. A worker's writes name the attempt and find nothing once it has moved on. Whoever
 * writes both an instance and its operation locks the instance first.
 */
final class OperationTable {
  private static final String INSERT =
      """
      INSERT INTO operation (id, instance, kind, accepted_in, deadline)
      VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
      """;

  private static final String CLAIM =
      """
      WITH due AS (
        SELECT id FROM operation
        WHERE outcome = 'RUNNING' AND (lease_until IS NULL OR lease_until < now())
        ORDER BY started_at
        LIMIT $3
        FOR UPDATE SKIP LOCKED)
      UPDATE operation o
      SET lease_owner = $1, lease_until = now() + make_interval(secs => $2), attempt = attempt + 1
      FROM due WHERE o.id = due.id
      RETURNING o.instance
      """;

  private static final String RENEW =
      """
      UPDATE operation SET lease_until = now() + make_interval(secs => $3)
      WHERE id = $1 AND attempt = $2 AND outcome = 'RUNNING'
      RETURNING deadline <= now() AS late
      """;

  /** Every claim counts, unless it is the one that ended in success or still runs. */
  private static final String FENCE =
      """
      SELECT (SELECT sum(attempt) - count(*) FILTER (WHERE outcome IN ('RUNNING', 'SUCCEEDED'))
              FROM operation WHERE instance = held.instance) AS token
      FROM operation held
      WHERE id = $1 AND attempt = $2 AND outcome = 'RUNNING'
      """;

  private static final String LOCK_INSTANCE =
      """
      SELECT id FROM instance
      WHERE id = (SELECT instance FROM operation WHERE id = $1)
      FOR UPDATE
      """;

  private static final String APPLIED =
      """
      UPDATE operation SET platform_version = greatest(platform_version, $3)
      WHERE id = $1 AND attempt = $2 AND outcome = 'RUNNING'
      RETURNING kind
      """;

  /** A late reset has to be taken back: whoever waited for it was told that it failed. */
  private static final String END =
      """
      UPDATE operation
      SET outcome = $3, reason = left($4, 2000), ended_at = now(),
          platform_version = greatest(platform_version, $5), cause = $6
      WHERE id = $1 AND attempt = $2 AND outcome = 'RUNNING'
        AND NOT (kind = 'RESET_PASSWORD' AND $3 = 'SUCCEEDED' AND deadline <= now())
      RETURNING kind
      """;

  private static final String UNDOING =
      """
      UPDATE operation SET reason = left($3, 2000), cause = $4
      WHERE id = $1 AND attempt = $2 AND outcome = 'RUNNING'
      RETURNING kind
      """;

  private static final String SUPERSEDE =
      """
      UPDATE operation SET outcome = 'INTERRUPTED', reason = $2, ended_at = now(), cause = NULL
      WHERE id = $1 AND outcome = 'RUNNING'
      """;

  private OperationTable() {}

  /** How an operation ends. */
  record Ending(Outcome outcome, String reason, Cause cause, Long version) {}

  static Completable insert(
      SqlConnection tx,
      UUID id,
      UUID instance,
      OperationKind kind,
      InstanceState acceptedIn,
      Duration deadline) {
    return Sql.run(tx, INSERT, id, instance, kind.name(), acceptedIn.name(), seconds(deadline));
  }

  /** The instances whose operations were claimed. */
  static Single<List<UUID>> claim(SqlConnection tx, String owner, Duration lease, int limit) {
    return Sql.list(tx, row -> row.getUUID("instance"), CLAIM, owner, seconds(lease), (long) limit);
  }

  /** Whether the deadline has passed; empty when the lease is lost. */
  static Maybe<Boolean> renew(SqlClient client, UUID id, int attempt, Duration lease) {
    return Sql.first(client, row -> row.getBoolean("late"), RENEW, id, attempt, seconds(lease));
  }

  /** Empty when the lease is lost. */
  static Maybe<Long> fence(SqlClient client, UUID id, int attempt) {
    return Sql.first(client, row -> row.getLong("token"), FENCE, id, attempt);
  }

  /** The operation's instance, locked. */
  static Maybe<UUID> lockInstance(SqlConnection tx, UUID id) {
    return Sql.first(tx, row -> row.getUUID("id"), LOCK_INSTANCE, id);
  }

  /** Empty when the lease is lost. */
  static Maybe<OperationKind> applied(SqlConnection tx, UUID id, int attempt, long version) {
    return Sql.first(tx, row -> kind(row.getString("kind")), APPLIED, id, attempt, version);
  }

  /** Empty when the lease is lost. */
  static Maybe<OperationKind> end(SqlConnection tx, UUID id, int attempt, Ending ending) {
    // Only a success vouches for what was seen.
    Long seen = ending.outcome == Outcome.SUCCEEDED ? ending.version : null;
    return Sql.first(
        tx,
        row -> kind(row.getString("kind")),
        END,
        id,
        attempt,
        ending.outcome.name(),
        ending.reason,
        seen,
        name(ending.cause));
  }

  private static String name(Cause cause) {
    return cause == null ? null : cause.name();
  }

  /** Empty when the lease is lost. */
  static Maybe<OperationKind> undoing(
      SqlConnection tx, UUID id, int attempt, String reason, Cause cause) {
    return Sql.first(
        tx, row -> kind(row.getString("kind")), UNDOING, id, attempt, reason, name(cause));
  }

  static Completable supersede(SqlConnection tx, UUID id, String reason) {
    return Sql.run(tx, SUPERSEDE, id, reason);
  }

  private static OperationKind kind(String name) {
    return OperationKind.valueOf(name);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}

package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import mooring.core.BackupRequest;
import mooring.core.BackupStore.Renewal;
import mooring.core.Operation.Outcome;

/** Backups that were asked for. Whoever writes them with their instance locks that first. */
final class BackupTable {
  private static final String INSERT =
      """
      INSERT INTO backup (id, short_id, instance, name, requested_at, deadline)
      SELECT $1, $2, $3, $4, moment, moment + make_interval(secs => $5)
      FROM clock_timestamp() AS moment
      RETURNING *
      """;

  private static final String LIST =
      """
      SELECT * FROM backup WHERE instance = $1 AND removed_at IS NULL
      ORDER BY requested_at DESC, id DESC
      """;

  private static final String REMOVE =
      """
      WITH found AS (
        SELECT id, outcome = 'RUNNING' AS ran FROM backup
        WHERE instance = $1 AND short_id = $2 AND removed_at IS NULL
        FOR UPDATE)
      UPDATE backup b
      SET removal = $3, removed_at = now(),
          outcome = CASE WHEN ran THEN 'INTERRUPTED' ELSE outcome END,
          reason = CASE WHEN ran THEN $4 ELSE reason END,
          ended_at = coalesce(ended_at, now())
      FROM found WHERE b.id = found.id
      RETURNING b.*, ran
      """;

  private static final String END_ALL =
      """
      UPDATE backup SET outcome = 'FAILED', reason = $2, ended_at = now()
      WHERE instance = $1 AND outcome = 'RUNNING'
      RETURNING id
      """;

  private static final String REMOVE_ALL =
      "UPDATE backup SET removed_at = now() WHERE instance = $1 AND removed_at IS NULL";

  private static final String CLAIM =
      """
      WITH due AS (
        SELECT id FROM backup b
        WHERE gone_at IS NULL AND (outcome = 'RUNNING' OR removed_at IS NOT NULL)
          AND (lease_until IS NULL OR lease_until < now())
          AND (outcome <> 'RUNNING' OR NOT EXISTS (
            SELECT FROM backup former
            WHERE former.instance = b.instance AND former.outcome = 'RUNNING'
              AND (former.requested_at, former.id) < (b.requested_at, b.id)))
        ORDER BY requested_at
        LIMIT $3
        FOR UPDATE OF b SKIP LOCKED)
      UPDATE backup b
      SET lease_owner = $1, lease_until = now() + make_interval(secs => $2), attempt = attempt + 1,
          deadline = CASE WHEN attempt = 0 THEN now() + (deadline - requested_at) ELSE deadline END
      FROM due WHERE b.id = due.id
      RETURNING b.*
      """;

  private static final String RENEW =
      """
      UPDATE backup SET lease_until = now() + make_interval(secs => $3)
      WHERE id = $1 AND attempt = $2 AND gone_at IS NULL
        AND (outcome = 'RUNNING' OR removed_at IS NOT NULL)
      RETURNING *, deadline <= now() AS late
      """;

  private static final String MADE =
      """
      UPDATE backup SET made_at = coalesce(made_at, now())
      WHERE id = $1 AND attempt = $2 AND gone_at IS NULL
      RETURNING *
      """;

  private static final String END =
      """
      UPDATE backup
      SET outcome = $3, reason = left($4, 2000), ended_at = now(), lease_until = NULL,
          platform_id = $5, size_bytes = $6, started_at = $7, completed_at = $8,
          archive_days = $9
      WHERE id = $1 AND attempt = $2 AND outcome = 'RUNNING'
      RETURNING *
      """;

  private static final String GONE =
      """
      UPDATE backup SET gone_at = now(), lease_until = NULL
      WHERE id = $1 AND attempt = $2 AND removed_at IS NOT NULL AND gone_at IS NULL
      RETURNING *
      """;

  private static final String NOT_GONE =
      """
      UPDATE backup SET gone_at = NULL, lease_until = NULL
      WHERE id = $1 AND gone_at IS NOT NULL
      RETURNING *
      """;

  private BackupTable() {}

  static Single<BackupRequest> insert(
      SqlConnection tx, UUID id, String shortId, UUID instance, String name, Duration deadline) {
    return Sql.first(
            tx, BackupRows::request, INSERT, id, shortId, instance, name, seconds(deadline))
        .toSingle();
  }

  static Single<List<BackupRequest>> list(SqlClient client, UUID instance) {
    return Sql.list(client, BackupRows::request, LIST, instance);
  }

  /** Asks for a removal and ends the request if it runs; empty when there is none such. */
  static Maybe<Removed> remove(
      SqlConnection tx, UUID instance, String shortId, UUID removal, String reason) {
    return Sql.first(
        tx,
        row -> new Removed(BackupRows.request(row), row.getBoolean("ran")),
        REMOVE,
        instance,
        shortId,
        removal,
        reason);
  }

  /**
   * A request whose removal was asked for.
   *
   * @param ran whether it ended with that
   */
  record Removed(BackupRequest request, boolean ran) {}

  /** Ends those of a database that run, and says which. */
  static Single<List<UUID>> endAll(SqlConnection tx, UUID instance, String reason) {
    return Sql.list(tx, row -> row.getUUID("id"), END_ALL, instance, reason);
  }

  static Completable removeAll(SqlConnection tx, UUID instance) {
    return Sql.run(tx, REMOVE_ALL, instance);
  }

  static Single<List<BackupRequest>> claim(
      SqlConnection tx, String owner, Duration lease, int limit) {
    return Sql.list(tx, BackupRows::request, CLAIM, owner, seconds(lease), (long) limit)
        .map(
            claimed ->
                claimed.stream().sorted(Comparator.comparing(BackupRequest::requestedAt)).toList());
  }

  /** Empty when the lease is lost, as with every write of a worker. */
  static Maybe<Renewal> renew(SqlClient client, BackupRequest claimed, Duration lease) {
    return Sql.first(
        client,
        row -> new Renewal(BackupRows.request(row), row.getBoolean("late")),
        RENEW,
        claimed.id(),
        claimed.attempt(),
        seconds(lease));
  }

  static Maybe<BackupRequest> made(SqlClient client, BackupRequest claimed) {
    return Sql.first(client, BackupRows::request, MADE, claimed.id(), claimed.attempt());
  }

  static Maybe<BackupRequest> end(
      SqlConnection tx,
      BackupRequest claimed,
      Outcome outcome,
      String reason,
      BackupRequest.Result result) {
    return Sql.first(
        tx,
        BackupRows::request,
        END,
        claimed.id(),
        claimed.attempt(),
        outcome.name(),
        reason,
        result == null ? null : result.platformId(),
        result == null ? null : result.sizeBytes(),
        result == null ? null : BackupRows.time(result.startedAt()),
        result == null ? null : BackupRows.time(result.completedAt()),
        result == null ? null : result.archiveDays());
  }

  /** The removal that is done with that; it has no id when the database was deleted. */
  static Maybe<Gone> gone(SqlConnection tx, BackupRequest claimed) {
    return Sql.first(
        tx,
        row -> new Gone(BackupRows.request(row), row.getUUID("removal")),
        GONE,
        claimed.id(),
        claimed.attempt());
  }

  /**
   * A request of which nothing is left.
   *
   * @param removal what the audit calls its removal; null when it went with its database
   */
  record Gone(BackupRequest request, UUID removal) {}

  static Maybe<BackupRequest> notGone(SqlClient client, UUID id) {
    return Sql.first(client, BackupRows::request, NOT_GONE, id);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}

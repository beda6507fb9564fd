package mooring.store;

import io.vertx.rxjava3.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import mooring.core.BackupRequest;
import mooring.core.Operation.Outcome;

/** Rows of backups as the model has them. */
final class BackupRows {
  private BackupRows() {}

  static BackupRequest request(Row row) {
    Outcome outcome = Outcome.valueOf(row.getString("outcome"));
    return new BackupRequest(
        row.getUUID("id"),
        row.getString("short_id"),
        row.getUUID("instance"),
        row.getString("name"),
        outcome,
        row.getString("reason"),
        outcome == Outcome.SUCCEEDED ? result(row) : null,
        row.getInteger("attempt"),
        instant(row, "requested_at"),
        instant(row, "deadline"),
        instant(row, "made_at"),
        instant(row, "removed_at"));
  }

  /** A time as a column takes it; null for none. */
  static OffsetDateTime time(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static BackupRequest.Result result(Row row) {
    return new BackupRequest.Result(
        row.getString("platform_id"),
        row.getLong("size_bytes"),
        instant(row, "started_at"),
        instant(row, "completed_at"),
        row.getInteger("archive_days"));
  }

  private static Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}

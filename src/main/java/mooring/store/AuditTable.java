package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.UUID;
import mooring.core.Operation.Outcome;

/** Who asked for what, when, and how it ended. */
final class AuditTable {
  private static final String ASKED =
      """
      INSERT INTO audit (tenant, token, action, subject, operation, outcome)
      VALUES ($1, $2, $3, $4, $5, 'RUNNING')
      """;

  private static final String DONE =
      """
      INSERT INTO audit (tenant, token, action, subject, outcome, ended_at)
      VALUES ($1, $2, $3, $4, 'SUCCEEDED', now())
      """;

  private static final String ENDED =
      "UPDATE audit SET outcome = $2, reason = $3, ended_at = now() WHERE operation = $1";

  private AuditTable() {}

  /** Something was asked for that an operation will carry out. */
  static Completable asked(
      SqlConnection tx, UUID tenant, UUID token, String action, UUID subject, UUID operation) {
    return Sql.run(tx, ASKED, tenant, token, action, subject, operation);
  }

  /** Something was asked for and is done with this transaction. */
  static Completable done(SqlConnection tx, UUID tenant, UUID token, String action, UUID subject) {
    return Sql.run(tx, DONE, tenant, token, action, subject);
  }

  static Completable ended(SqlConnection tx, UUID operation, Outcome outcome, String reason) {
    return Sql.run(tx, ENDED, operation, outcome.name(), reason);
  }
}

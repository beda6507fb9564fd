package mooring.store;

import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.TransactionRollbackException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import mooring.core.Field;
import mooring.core.Problem;
import mooring.core.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what a failure of the database means to the caller. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);
  private static final int RETRY_AFTER_SECONDS = 2;
  private static final String AWAY = "the metadata database is unavailable";

  /** Classes of SQLSTATE (PostgreSQL, appendix A) that pass: connection, resources, operator. */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "28", "40", "53", "57", "58");

  /** Read-only, killed while idle, lock timeout, database missing while it is put back. */
  private static final Set<String> PASSING = Set.of("25006", "25P03", "55P03", "3D000");

  /** A character that no text in the database can hold. */
  private static final Set<String> UNSTORABLE = Set.of("22021", "22P05");

  private static final Set<String> RACES =
      Set.of(
          "instance_short_id_key",
          "instance_address_key",
          "instance_address_number_key",
          "token_short_id_key",
          "backup_short_id_key");

  private Failures() {}

  /** Whether another try draws other numbers and so may succeed. */
  static boolean raced(Throwable failure) {
    return RACES.contains(constraint(failure));
  }

  /** The constraint that refused a row; empty for every other failure. */
  static String constraint(Throwable failure) {
    boolean violation =
        failure instanceof PgException pg
            && pg.getSqlState() != null
            && pg.getSqlState().startsWith("23");
    String name = violation ? ((PgException) failure).getConstraint() : null;
    return name == null ? "" : name;
  }

  /** The failure as the core knows it; one that nobody expects stays as it is. */
  static Throwable translated(Throwable failure) {
    if (failure instanceof PgException pg) {
      return translated(pg);
    }
    return away(failure) ? unavailable(failure) : failure;
  }

  private static Throwable translated(PgException failure) {
    String state = failure.getSqlState() == null ? "" : failure.getSqlState();
    if (UNSTORABLE.contains(state)) {
      return new ProblemException(
          new Problem.Invalid(Field.NAME, "a character in the request cannot be stored"));
    }
    return switch (constraint(failure)) {
      case "instance_handle_key" -> conflict("a database of that name already exists");
      case "account_email_key" -> conflict("an account of that email address already exists");
      case "tenant_name_key" -> conflict("a tenant of that name already exists");
      case "operation_running_key" -> conflict("another operation is running on the database");
      case "instance_tenant_fkey", "token_tenant_fkey", "account_tenant_fkey" ->
          new ProblemException(new Problem.NotFound("tenant not found"));
      default -> passes(failure, state) ? unavailable(failure) : failure;
    };
  }

  private static boolean passes(PgException failure, String state) {
    return raced(failure)
        || PASSING.contains(state)
        || (state.length() == 5 && PASSING_CLASSES.contains(state.substring(0, 2)));
  }

  private static boolean away(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof TimeoutException
        || failure instanceof ClosedConnectionException
        || failure instanceof TransactionRollbackException
        || failure instanceof ConnectionPoolTooBusyException
        || failure instanceof VertxException;
  }

  private static ProblemException conflict(String message) {
    return new ProblemException(new Problem.Conflict(message));
  }

  private static ProblemException unavailable(Throwable cause) {
    log.atDebug().setCause(cause).log("metadata database unavailable");
    return new ProblemException(new Problem.Unavailable(AWAY, RETRY_AFTER_SECONDS));
  }
}

package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.vertx.core.buffer.Buffer;
import io.vertx.rxjava3.sqlclient.Row;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.UUID;
import mooring.core.Operation.Outcome;

/**
 * The passwords of the owners, sealed. A reset's new one is pending beside the established one
 * until the reset has ended: then it takes its place, or is dropped.
 */
final class Passwords {
  private static final String PASSWORD = "password";
  private static final String PENDING = "pending";

  private static final String INSERT =
      "INSERT INTO instance_secret (instance, password) VALUES ($1, $2)";

  private static final String ESTABLISHED =
      "SELECT password FROM instance_secret WHERE instance = $1";

  /** The database's clock decides, so that every replica applies the same one. */
  private static final String WANTED =
      """
      SELECT s.password,
             CASE WHEN o.kind = 'RESET_PASSWORD' AND o.outcome = 'RUNNING' AND o.deadline > now()
                  THEN s.pending END AS pending
      FROM instance_secret s
      JOIN instance i ON i.id = s.instance
      JOIN operation o ON o.id = i.operation
      WHERE s.instance = $1
      """;

  private static final String PROPOSE =
      "UPDATE instance_secret SET pending = $2 WHERE instance = $1";

  private static final String PROPOSED =
      "SELECT pending FROM instance_secret WHERE instance = $1 AND pending IS NOT NULL";

  private static final String PROMOTE =
      "UPDATE instance_secret SET password = $2, pending = NULL WHERE instance = $1";

  private static final String DROP =
      "UPDATE instance_secret SET pending = NULL WHERE instance = $1 AND pending IS NOT NULL";

  private final SecretBox secrets;

  Passwords(SecretBox secrets) {
    this.secrets = secrets;
  }

  /** Stores a new database's first one. */
  Completable insert(SqlConnection tx, UUID instance, String password) {
    return Sql.run(tx, INSERT, instance, sealed(instance, PASSWORD, password));
  }

  /** The one that clients are told; empty when the database is gone. */
  Maybe<String> established(SqlClient client, UUID instance) {
    return Sql.first(client, row -> open(instance, row, PASSWORD), ESTABLISHED, instance);
  }

  /** The one that the server has to have; empty when the database is gone. */
  Maybe<String> wanted(SqlClient client, UUID instance) {
    return Sql.first(
        client,
        row -> open(instance, row, row.getBuffer(PENDING) == null ? PASSWORD : PENDING),
        WANTED,
        instance);
  }

  /** Gives a database the one that another one has. */
  Completable copy(SqlConnection tx, UUID source, UUID instance) {
    return established(tx, source)
        .switchIfEmpty(
            Maybe.error(() -> new IllegalStateException("no password is there: " + source)))
        .flatMapCompletable(
            password -> Sql.run(tx, PROMOTE, instance, sealed(instance, PASSWORD, password)));
  }

  /** Stores the new one that a reset asks for. */
  Completable propose(SqlConnection tx, UUID instance, String password) {
    return Sql.run(tx, PROPOSE, instance, sealed(instance, PENDING, password));
  }

  /** Ends a reset. */
  Completable settle(SqlConnection tx, UUID instance, Outcome outcome) {
    return outcome == Outcome.SUCCEEDED ? promote(tx, instance) : drop(tx, instance);
  }

  /** Forgets a new one that is not to be. */
  Completable drop(SqlConnection tx, UUID instance) {
    return Sql.run(tx, DROP, instance);
  }

  /** Sealed anew: a secret opens only in the column that it was sealed for. */
  private Completable promote(SqlConnection tx, UUID instance) {
    return Sql.first(tx, row -> open(instance, row, PENDING), PROPOSED, instance)
        .switchIfEmpty(
            Maybe.error(() -> new IllegalStateException("no password is pending: " + instance)))
        .flatMapCompletable(
            password -> Sql.run(tx, PROMOTE, instance, sealed(instance, PASSWORD, password)));
  }

  private Buffer sealed(UUID instance, String column, String password) {
    return Buffer.buffer(secrets.seal(instance, column, password));
  }

  private String open(UUID instance, Row row, String column) {
    return secrets.open(instance, column, row.getBuffer(column).getBytes());
  }
}

package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.UUID;

/** The passwords of the sources of migrations, sealed, while these have not ended. */
final class MigrationPasswords {
  private static final String COLUMN = "migration_password";

  private static final String PUT =
      """
      INSERT INTO migration_secret (instance, password) VALUES ($1, $2)
      ON CONFLICT (instance) DO UPDATE SET password = excluded.password
      """;

  private static final String GET =
      "SELECT password AS migration_password FROM migration_secret WHERE instance = $1";

  private static final String ERASE = "DELETE FROM migration_secret WHERE instance = $1";

  private final SecretBox secrets;

  MigrationPasswords(SecretBox secrets) {
    this.secrets = secrets;
  }

  Completable put(SqlConnection tx, UUID instance, String password) {
    return Sql.run(tx, PUT, instance, Buffer.buffer(secrets.seal(instance, COLUMN, password)));
  }

  /** Empty for none. */
  Single<String> get(SqlClient client, UUID instance) {
    return Sql.first(client, row -> row.getBuffer(COLUMN).getBytes(), GET, instance)
        .map(secret -> secrets.open(instance, COLUMN, secret))
        .defaultIfEmpty("");
  }

  static Completable erase(SqlConnection tx, UUID instance) {
    return Sql.run(tx, ERASE, instance);
  }
}

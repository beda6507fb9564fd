package mooring.store;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.rxjava3.sqlclient.SqlClient;
import java.util.UUID;
import java.util.function.Supplier;

/** The key that signs login tokens, the same for every replica. */
final class SigningKey {
  private static final String FIRST =
      "INSERT INTO signing_key (sealed) VALUES ($1) ON CONFLICT DO NOTHING";

  private static final String SEALED = "SELECT sealed FROM signing_key";

  private static final UUID ROW = new UUID(0, 0);
  private static final String COLUMN = "signing_key";

  private final Database database;
  private final SecretBox secrets;

  SigningKey(Database database, SecretBox secrets) {
    this.database = database;
    this.secrets = secrets;
  }

  /** The stored key, which is a fresh one when there was none: of two first starts one wins. */
  Single<String> orElse(Supplier<String> fresh) {
    return database
        .statement(SigningKey::stored)
        .switchIfEmpty(Single.defer(() -> database.transaction(tx -> first(tx, fresh.get()))))
        .map(ciphertext -> secrets.open(ROW, COLUMN, ciphertext.getBytes()));
  }

  private Single<Buffer> first(SqlClient tx, String fresh) {
    Buffer own = Buffer.buffer(secrets.seal(ROW, COLUMN, fresh));
    return Sql.run(tx, FIRST, own).andThen(stored(tx).toSingle());
  }

  private static Maybe<Buffer> stored(SqlClient client) {
    return Sql.first(client, row -> row.getBuffer("sealed"), SEALED);
  }
}

package mooring.store;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

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

  /** The stored key, which is the given one when there was none: of two first starts one wins. */
  Single<String> orElse(String fresh) {
    Buffer own = Buffer.buffer(secrets.seal(ROW, COLUMN, fresh));
    return database
        .transaction(
            tx ->
                Sql.run(tx, FIRST, own)
                    .andThen(Sql.first(tx, row -> row.getBuffer("sealed"), SEALED).toSingle()))
        .map(ciphertext -> secrets.open(ROW, COLUMN, ciphertext.getBytes()));
  }
}

package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/** Notices a wrong keyset at the start, before a secret is needed. */
final class KeysetCheck {
  private static final String FIRST =
      "INSERT INTO keyset_check (sealed) VALUES ($1) ON CONFLICT DO NOTHING";

  private static final String SEALED = "SELECT sealed FROM keyset_check";

  private static final UUID ROW = new UUID(0, 0);
  private static final String COLUMN = "keyset_check";
  private static final String TEXT = "mooring";

  private final Database database;
  private final SecretBox secrets;

  KeysetCheck(Database database, SecretBox secrets) {
    this.database = database;
    this.secrets = secrets;
  }

  Completable run() {
    Buffer own = Buffer.buffer(secrets.seal(ROW, COLUMN, TEXT));
    return database
        .transaction(
            tx ->
                Sql.run(tx, FIRST, own)
                    .andThen(Sql.first(tx, row -> row.getBuffer("sealed"), SEALED).toSingle()))
        .doOnSuccess(ciphertext -> open(ciphertext.getBytes()))
        .ignoreElement();
  }

  private void open(byte[] ciphertext) {
    try {
      secrets.open(ROW, COLUMN, ciphertext);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "the encryption keyset is not the one that this database's secrets are sealed with", e);
    }
  }
}

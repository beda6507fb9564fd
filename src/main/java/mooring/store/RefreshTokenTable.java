package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.time.ZoneOffset;
import java.util.UUID;
import mooring.core.AccountStore.RefreshToken;

/** Refresh tokens, each of which works once. */
final class RefreshTokenTable {
  private static final String INSERT =
      "INSERT INTO refresh_token (hash, account, family, expires_at) VALUES ($1, $2, $3, $4)";

  private static final String FORGET_EXPIRED =
      "DELETE FROM refresh_token WHERE account = $1 AND expires_at < now()";

  private static final String FORGET_ACCOUNT = "DELETE FROM refresh_token WHERE account = $1";

  private static final String FORGET_FAMILY = "DELETE FROM refresh_token WHERE family = $1";

  /**
   * A new password waits for it, or it for the new password, which takes the account first too: so
   * that none comes out of a session which that ends.
   */
  private static final String HOLD_ACCOUNT =
      """
      SELECT id FROM account WHERE id = (SELECT account FROM refresh_token WHERE hash = $1)
      FOR SHARE
      """;

  /** Locked, so that of two uses at once the second one sees the first. */
  private static final String SHOWN =
      """
      SELECT account, family, used_at IS NOT NULL AS used FROM refresh_token
      WHERE hash = $1 AND expires_at > now() FOR UPDATE
      """;

  private static final String USE = "UPDATE refresh_token SET used_at = now() WHERE hash = $1";

  private RefreshTokenTable() {}

  /** A token that was shown. */
  record Shown(UUID account, UUID family, boolean used) {}

  static Completable insert(SqlConnection tx, UUID account, UUID family, RefreshToken token) {
    return Sql.run(
        tx, INSERT, token.hash(), account, family, token.expiresAt().atOffset(ZoneOffset.UTC));
  }

  static Completable forgetExpired(SqlConnection tx, UUID account) {
    return Sql.run(tx, FORGET_EXPIRED, account);
  }

  static Completable forgetAll(SqlConnection tx, UUID account) {
    return Sql.run(tx, FORGET_ACCOUNT, account);
  }

  static Completable forgetFamily(SqlConnection tx, UUID family) {
    return Sql.run(tx, FORGET_FAMILY, family);
  }

  static Maybe<Shown> shown(SqlConnection tx, String hash) {
    return Sql.run(tx, HOLD_ACCOUNT, hash)
        .andThen(
            Sql.first(
                tx,
                row ->
                    new Shown(
                        row.getUUID("account"), row.getUUID("family"), row.getBoolean("used")),
                SHOWN,
                hash));
  }

  static Completable use(SqlConnection tx, String hash) {
    return Sql.run(tx, USE, hash);
  }
}

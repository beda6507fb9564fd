package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.rxjava3.sqlclient.SqlClient;
import io.vertx.rxjava3.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import mooring.core.Contents;
import mooring.core.Role;
import mooring.core.Stage;

/**
 * The passwords of the roles that clients made, sealed. The new one of a change is pending beside
 * the established one until the change has ended.
 */
final class RolePasswords {
  private static final String PASSWORD = "role_password";
  private static final String PENDING = "role_pending";

  private static final String INSERT =
      "INSERT INTO role_secret (role, instance, password) VALUES ($1, $2, $3)";

  private static final String PROPOSE = "UPDATE role_secret SET pending = $2 WHERE role = $1";

  private static final String ALL =
      """
      SELECT role, password AS role_password, pending AS role_pending FROM role_secret
      WHERE instance = $1
      """;

  private static final String SETTLE =
      "UPDATE role_secret SET password = $2, pending = NULL WHERE role = $1";

  private static final String DROP =
      "UPDATE role_secret SET pending = NULL WHERE instance = $1 AND pending IS NOT NULL";

  private static final String KEEP_ONLY =
      "DELETE FROM role_secret WHERE instance = $1 AND role <> ALL ($2)";

  private final SecretBox secrets;

  RolePasswords(SecretBox secrets) {
    this.secrets = secrets;
  }

  private record Sealed(UUID role, Buffer password, Buffer pending) {}

  /** Stores the password of the role that is to be made or changed. */
  Completable propose(SqlConnection tx, UUID instance, Contents wanted, String password) {
    Role role = wanted.proposed().orElseThrow();
    return role.stage() == Stage.MAKING
        ? insert(tx, instance, role.id(), password)
        : Sql.run(tx, PROPOSE, role.id(), seal(role.id(), PENDING, password));
  }

  /** What the roles have to have, by their ids: the new one of a role that is being changed. */
  Single<Map<UUID, String>> wanted(SqlClient client, UUID instance, Contents contents) {
    return all(client, instance)
        .map(
            found -> {
              Map<UUID, String> passwords = new HashMap<>();
              for (Role role : contents.roles()) {
                Sealed its = found.get(role.id());
                if (its != null) {
                  boolean changing = role.stage() == Stage.CHANGING && its.pending() != null;
                  passwords.put(role.id(), changing ? pending(its) : established(its));
                }
              }
              return passwords;
            });
  }

  /** Ends a change; what no role is left for is erased. */
  Completable settle(SqlConnection tx, UUID instance, Contents settled, boolean done) {
    UUID[] roles = settled.roles().stream().map(Role::id).toArray(UUID[]::new);
    return (done ? promote(tx, instance) : Sql.run(tx, DROP, instance))
        .andThen(Sql.run(tx, KEEP_ONLY, instance, roles));
  }

  /** Gives the roles of a copy the passwords that their namesakes in its source have. */
  Completable copy(SqlConnection tx, UUID source, Contents from, UUID instance, Contents to) {
    return all(tx, source)
        .flatMapCompletable(
            found ->
                Flowable.fromIterable(to.roles())
                    .concatMapCompletable(
                        role -> {
                          Sealed theirs = found.get(from.role(role.name()).orElseThrow().id());
                          return insert(tx, instance, role.id(), established(theirs));
                        }));
  }

  /** Erases all of an instance. */
  static Completable erase(SqlConnection tx, UUID instance) {
    return Sql.run(tx, KEEP_ONLY, instance, new UUID[0]);
  }

  /** Sealed anew: a secret opens only in the column that it was sealed for. */
  private Completable promote(SqlConnection tx, UUID instance) {
    return all(tx, instance)
        .flatMapPublisher(found -> Flowable.fromIterable(found.values()))
        .filter(one -> one.pending() != null)
        .concatMapCompletable(
            one -> Sql.run(tx, SETTLE, one.role(), seal(one.role(), PASSWORD, pending(one))));
  }

  private Completable insert(SqlConnection tx, UUID instance, UUID role, String password) {
    return Sql.run(tx, INSERT, role, instance, seal(role, PASSWORD, password));
  }

  private static Single<Map<UUID, Sealed>> all(SqlClient client, UUID instance) {
    return Sql.list(
            client,
            row -> new Sealed(row.getUUID("role"), row.getBuffer(PASSWORD), row.getBuffer(PENDING)),
            ALL,
            instance)
        .map(
            rows -> {
              Map<UUID, Sealed> found = new HashMap<>();
              rows.forEach(one -> found.put(one.role(), one));
              return found;
            });
  }

  private String established(Sealed one) {
    return secrets.open(one.role(), PASSWORD, one.password().getBytes());
  }

  private String pending(Sealed one) {
    return secrets.open(one.role(), PENDING, one.pending().getBytes());
  }

  private Buffer seal(UUID role, String column, String password) {
    return Buffer.buffer(secrets.seal(role, column, password));
  }
}

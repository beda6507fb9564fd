package mooring.store;

import static mooring.store.StoreFixture.get;
import static mooring.store.StoreFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.SslMode;
import io.vertx.rxjava3.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Problem;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both clients against a server whose certificate is for 127.0.0.1 and of its own authority. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private Vertx vertx;
  private DatabaseUri plain;

  @BeforeAll
  void open() {
    vertx = Vertx.vertx();
    plain = TestPostgres.shared().freshDatabase();
    Migrations.run(plain);
    TestPostgres.execute(
        plain,
        "CREATE FUNCTION encrypted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name :="
            + " NEW.name || (SELECT CASE WHEN ssl THEN ' encrypted' ELSE ' plain' END FROM"
            + " pg_stat_ssl WHERE pid = pg_backend_pid()); RETURN NEW; END $$",
        "CREATE TRIGGER encrypted BEFORE INSERT ON tenant FOR EACH ROW EXECUTE FUNCTION"
            + " encrypted()");
  }

  @AfterAll
  void close() {
    vertx.close().blockingAwait();
  }

  @ParameterizedTest
  @EnumSource(names = {"DISABLE", "PREFER", "REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
  void bothClientsConnectInEveryMode(SslMode mode) throws Exception {
    boolean verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
    DatabaseUri uri =
        with("127.0.0.1", mode, verifies ? TestPostgres.shared().certificate().toString() : null);
    Migrations.run(uri);
    PgStore store = store(uri);

    get(store.tokens().createTenant(mode.value));

    assertThat(names()).contains(mode.value + (mode == SslMode.DISABLE ? " plain" : " encrypted"));
    store.close().blockingAwait();
  }

  @Test
  void anUnknownAuthorityIsRefused() {
    assertRefused(with("127.0.0.1", SslMode.VERIFY_CA, null));
  }

  @Test
  void anotherHostNameIsRefusedByVerifyFullOnly() {
    String own = TestPostgres.shared().certificate().toString();
    assertRefused(with("localhost", SslMode.VERIFY_FULL, own));
    Migrations.run(with("localhost", SslMode.VERIFY_CA, own));
    PgStore store = store(with("localhost", SslMode.VERIFY_CA, own));
    assertThat(get(store.tokens().createTenant("by another name"))).isNotNull();
    store.close().blockingAwait();
  }

  private void assertRefused(DatabaseUri uri) {
    assertThatThrownBy(() -> Migrations.run(uri)).isInstanceOf(FlywayException.class);
    PgStore store = store(uri);
    assertThat(problem(store.tokens().createTenant("refused")))
        .isInstanceOf(Problem.Unavailable.class);
    store.close().blockingAwait();
  }

  private List<String> names() throws Exception {
    try (var connection = TestPostgres.jdbc(plain);
        var rows = connection.createStatement().executeQuery("SELECT name FROM tenant")) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    }
  }

  private PgStore store(DatabaseUri uri) {
    return new PgStore(vertx, uri, SecretBox.of(SecretBox.newKeyset()), StoreFixture.derived());
  }

  private DatabaseUri with(String host, SslMode mode, String rootCert) {
    return new DatabaseUri(
        host, plain.port(), plain.database(), plain.user(), plain.password(), mode, rootCert);
  }
}

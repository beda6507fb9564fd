package mooring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.rxjava3.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {

  @Test
  void severalReplicasMigrateAtOnceAndAgain() throws Exception {
    DatabaseUri uri = TestPostgres.shared().freshDatabase();

    CompletableFuture.allOf(
            Stream.generate(() -> CompletableFuture.runAsync(() -> Migrations.run(uri)))
                .limit(3)
                .toArray(CompletableFuture[]::new))
        .get();
    Migrations.run(uri);

    try (var connection = TestPostgres.jdbc(uri);
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT count(*) = count(DISTINCT version), bool_and(success),"
                        + " max(version::integer)::text"
                        + " FROM flyway_schema_history")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getBoolean(1)).as("each once").isTrue();
      assertThat(rows.getBoolean(2)).isTrue();
      assertThat(rows.getString(3)).isEqualTo(Migrations.LATEST);
    }
  }

  @Test
  void aStartSeesWhetherAnyIsMissing() {
    DatabaseUri uri = TestPostgres.shared().freshDatabase();
    Vertx vertx = Vertx.vertx();
    PgStore store =
        new PgStore(vertx, uri, SecretBox.of(SecretBox.newKeyset()), StoreFixture.derived());

    assertThat(store.schemaUpToDate().blockingGet()).isFalse();
    Migrations.run(uri);
    assertThat(store.schemaUpToDate().blockingGet()).isTrue();

    store.close().andThen(vertx.rxClose()).blockingAwait();
  }
}

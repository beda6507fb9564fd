package mooring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.rxjava3.core.Vertx;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
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
                        + " (array_agg(script ORDER BY version::integer DESC))[1]"
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

  @Test
  void anotherApplicationsSchemaIsRefusedWhateverItsVersion() throws SQLException {
    DatabaseUri uri = TestPostgres.shared().freshDatabase();
    Migrations.run(uri);
    run(uri, "UPDATE flyway_schema_history SET script = replace(script, '__', '__other_')");
    run(uri, "UPDATE flyway_schema_history SET description = 'other', checksum = 1");
    Vertx vertx = Vertx.vertx();
    PgStore store =
        new PgStore(vertx, uri, SecretBox.of(SecretBox.newKeyset()), StoreFixture.derived());

    assertThat(store.schemaUpToDate().blockingGet()).isFalse();
    assertThatThrownBy(() -> Migrations.run(uri)).isInstanceOf(FlywayException.class);

    store.close().andThen(vertx.rxClose()).blockingAwait();
  }

  @Test
  void aBackupFromBeforeAnyoneLookedIsWhereItWasAskedFor() throws SQLException {
    DatabaseUri uri = TestPostgres.shared().freshDatabase();
    assertThat(Migrations.configured(uri).target("4").load().migrate().success).isTrue();
    run(uri, "ALTER TABLE backup DROP CONSTRAINT backup_instance_fkey");
    run(
        uri,
        """
        INSERT INTO backup (id, short_id, instance, outcome, platform_id, deadline, requested_at,
          ended_at)
        VALUES
          (gen_random_uuid(), '00000001', gen_random_uuid(), 'SUCCEEDED', 'x', now(), now(), now()),
          (gen_random_uuid(), '00000002', gen_random_uuid(), 'FAILED', NULL, now(), now(), now()),
          (gen_random_uuid(), '00000003', gen_random_uuid(), 'RUNNING', NULL, now(), now(), NULL)
        """);

    Migrations.run(uri);

    try (var connection = TestPostgres.jdbc(uri);
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT array_agg(archive_days ORDER BY short_id)::text FROM backup")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("{0,NULL,NULL}");
    }
  }

  private static void run(DatabaseUri uri, String statement) throws SQLException {
    try (var connection = TestPostgres.jdbc(uri);
        var made = connection.createStatement()) {
      made.executeUpdate(statement);
    }
  }
}

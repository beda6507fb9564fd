package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives, backups and what is recovered from them. */
@Tag("slow")
class OperatorBackupTest extends OperatorTestBase {
  private static final String OTHER = "db-5e6f7a8b";
  private static final String STORE = "mooring-7d";
  private static final String MANUAL = "mooring-manual";
  private static final String SERVER = "server-1";
  private final String otherAddress = OperatorBench.freshAddress();
  private BackupBench backups;

  @BeforeEach
  void prepare() {
    backups = new BackupBench(bench);
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 16})
  void aBackupTakenWhileRowsAreWrittenIsRecoveredWhole(int major) throws Exception {
    bench.startOperator();
    database(major);
    ask("create table pairs (one int, other int)");
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Integer> writing = CompletableFuture.supplyAsync(() -> writePairs(enough));
    bench.await(() -> assertThat(Integer.parseInt(ask("select count(*) from pairs"))).isPositive());

    String id;
    try (ToldVersions told = backups.told(MANUAL, SERVER)) {
      backups.create("first", DB, MANUAL);
      id = backups.awaitCompleted("first");
      bench.await(told::assertArchiveFirst);
    }
    enough.set(true);
    int written = writing.join();
    assertThat(backups.lastShown(MANUAL, SERVER)).isEqualTo(backups.status("first", "stoppedAt"));
    assertThat(backups.copies(MANUAL, SERVER)).containsExactly(id);
    assertThat(backups.status("first", "majorVersion")).isEqualTo(major);
    assertThat(backups.status("first", "pluginMetadata")).asString().contains("sizeBytes");
    recover(major, MANUAL, Map.of("backupID", id, "targetImmediate", true));
    int recovered = Integer.parseInt(askOther("select count(*) from pairs"));
    assertThat(recovered).isPositive().isLessThanOrEqualTo(written).isEven();
    assertThat(askOther("select count(*) from pairs where one + other <> 0")).isEqualTo("0");
    assertThat(Integer.parseInt(ask("select count(*) from pairs"))).isEqualTo(written);
    askOther("insert into pairs values (1, 1)");

    backups.delete("first");
    assertThat(backups.archive(MANUAL, SERVER)).doesNotExist();
  }

  @Test
  void aBackupThatIsOnlyNotSaidToBeThereIsInItsArchiveFirst() {
    bench.startOperator();
    database(16);
    backups.create("first", DB, MANUAL);
    String id = backups.awaitCompleted("first");
    Object stoppedAt = backups.status("first", "stoppedAt");
    bench.stopOperator();
    PatchContext merge = PatchContext.of(PatchType.JSON_MERGE);
    backups
        .of(CustomResources.OBJECT_STORES)
        .withName(MANUAL)
        .subresource("status")
        .patch(merge, "{\"status\":{\"serverRecoveryWindow\":null}}");
    backups
        .backups()
        .withName("first")
        .subresource("status")
        .patch(merge, "{\"status\":{\"phase\":\"finalizing\",\"stoppedAt\":null}}");
    assertThat(backups.lastShown(MANUAL, SERVER)).isNull();

    try (ToldVersions told = backups.told(MANUAL, SERVER)) {
      bench.startOperator();
      assertThat(backups.awaitCompleted("first")).isEqualTo(id);
      bench.await(told::assertArchiveFirst);
    }
    assertThat(backups.lastShown(MANUAL, SERVER)).isEqualTo(stoppedAt);
    assertThat(backups.copies(MANUAL, SERVER)).containsExactly(id);
  }

  @Test
  void anyTimeUpToNowCanBeRecovered() throws Exception {
    bench.startOperator();
    database(16);
    ask("create table kept (value text)");
    ask("insert into kept values ('in the backup')");
    backups.create("first", DB, "");
    backups.awaitCompleted("first");
    ask("insert into kept values ('before the target')");
    Instant target =
        Instant.parse(ask("select to_json(clock_timestamp() at time zone 'UTC') #>> '{}' || 'Z'"));
    ask("insert into kept values ('after the target')");

    recover(16, STORE, Map.of("targetTime", target.toString()));

    assertThat(askOther("select string_agg(value, ', ' order by value) from kept"))
        .isEqualTo("before the target, in the backup");
    assertThat(ask("select count(*) from kept")).isEqualTo("3");
    assertThat(bench.conditions(DB))
        .contains("ContinuousArchiving/ContinuousArchivingSuccess/True");
    assertThat(askOther("select pg_is_in_recovery()")).isEqualTo("f");
    assertThat(askOther("show archive_mode")).isEqualTo("off");
  }

  @Test
  void aTimeInTheArchiveNeedsNeitherALivingSourceNorItsDatabase() throws Exception {
    bench.startOperator();
    database(16);
    backups.create("first", DB, "");
    backups.awaitCompleted("first");
    Instant target;
    try (Connection connection = login(address, "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("drop database my_app");
      try (ResultSet rows = statement.executeQuery("select clock_timestamp()")) {
        assertThat(rows.next()).isTrue();
        target = rows.getObject(1, OffsetDateTime.class).toInstant();
      }
      statement.execute("select lo_create(0)"); // a commit after the target
    }
    backups.create("second", DB, "");
    backups.awaitCompleted("second"); // so all of this is archived
    Files.delete(bench.data(DB).resolve("global").resolve("pg_filenode.map"));
    assertThatThrownBy(() -> login(address, "postgres")).isInstanceOf(SQLException.class);

    recover(16, STORE, Map.of("targetTime", target.toString()));

    login(otherAddress, "postgres").close();
    assertThatThrownBy(() -> login(otherAddress, "my_app"))
        .hasMessageContaining("database \"my_app\" does not exist");
  }

  @Test
  void aTimeAfterTheLastCommitOfADatabaseThatIsStoppedOrDeletedIsTheEndOfItsLogOrNone()
      throws Exception {
    bench.startOperator();
    database(16);
    backups.create("first", DB, "");
    backups.awaitCompleted("first");
    ask("create table kept as select 'latest' as value");
    annotate("cnpg.io/hibernation", "on");
    bench.await(
        () -> assertThat(bench.conditions(DB)).contains("cnpg.io/hibernation/Hibernated/True"));
    Map<String, Object> target = Map.of("targetTime", Instant.now().toString());

    recover(16, STORE, target);
    assertThat(askOther("select value from kept")).isEqualTo("latest");
    bench.clusters().withName(OTHER).delete();
    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().list().getItems()).isEmpty());
    assertThat(backups.status("first", "phase")).isEqualTo("completed");

    bench.createCluster(
        OTHER, 16, BackupBench.recoveredFrom(STORE, SERVER, target, OTHER + "-app"));
    bench.await(
        () -> assertThat(bench.status(OTHER, "phaseReason")).asString().contains("impossible"));
    assertThat(bench.servers(OTHER)).isEmpty();
  }

  @Test
  void withoutATargetEverythingIsRecoveredIntoAServerWithItsOwnArchiveAndOwner() throws Exception {
    bench.startOperator();
    database(16);
    backups.create("first", DB, "");
    backups.awaitCompleted("first");
    ask("create table kept as select 'latest' as value");

    Map<String, Object> spec =
        new HashMap<>(BackupBench.recoveredFrom(STORE, SERVER, Map.of(), OTHER + "-app"));
    spec.putAll(BackupBench.archivedIn(STORE, "server-2"));
    bench.createSecret(OTHER, "other-password");
    bench.createService(OTHER, otherAddress, 5432);
    bench.createCluster(OTHER, 16, spec);
    bench.awaitHealthy(OTHER);

    assertThat(OperatorBench.ask(otherAddress, "other-password", "select value from kept"))
        .isEqualTo("latest");
    assertThatThrownBy(() -> askOther("select 1")).isInstanceOf(SQLException.class);
    assertThat(ask("select 1")).isEqualTo("1");
    backups.create("second", OTHER, "");
    backups.awaitCompleted("second");
    assertThat(backups.copies(STORE, "server-2")).hasSize(1);
    assertThat(backups.copies(STORE, SERVER)).hasSize(1);
  }

  @Test
  void whatCannotBeRecoveredIsSaid() throws Exception {
    bench.startOperator();
    database(16);
    backups.create("first", DB, "");
    backups.awaitCompleted("first");
    bench.createSecret(OTHER, OperatorBench.PASSWORD);
    bench.createService(OTHER, otherAddress, 5432);

    for (Map<String, Object> target :
        List.<Map<String, Object>>of(
            Map.of("backupID", "20010101T000000", "targetImmediate", true),
            Map.of("targetTime", "2001-01-01T00:00:00Z"),
            Map.of("targetTime", "2101-01-01T00:00:00Z"))) {
      bench.createCluster(
          OTHER, 16, BackupBench.recoveredFrom(STORE, SERVER, target, OTHER + "-app"));
      bench.await(
          () -> {
            assertThat(bench.status(OTHER, "phase"))
                .isEqualTo("Cluster is unrecoverable and needs manual intervention");
            assertThat(bench.status(OTHER, "phaseReason")).asString().contains("impossible");
          });
      bench.clusters().withName(OTHER).delete();
      bench.await(() -> assertThat(bench.clusters().withName(OTHER).get()).isNull());
    }
  }

  @Test
  void aRecoveryNamesASettingThatIsRefusedAndDoesWithoutWhatIsNotBuiltIn() throws Exception {
    bench.startOperator();
    database(16);
    ask("create table kept as select 'latest' as value");
    backups.create("first", DB, "");
    Map<String, Object> target =
        Map.of("backupID", backups.awaitCompleted("first"), "targetImmediate", true);
    Map<String, Object> spec =
        new HashMap<>(BackupBench.recoveredFrom(STORE, SERVER, target, OTHER + "-app"));
    spec.put("postgresql", Map.of("parameters", Map.of("work_mem", "nonsense")));
    bench.createSecret(OTHER, OperatorBench.PASSWORD);
    bench.createService(OTHER, otherAddress, 5432);

    bench.createCluster(OTHER, 16, spec);
    bench.await(
        () -> {
          assertThat(bench.status(OTHER, "phase")).isEqualTo("Invalid cluster definition");
          assertThat(bench.status(OTHER, "phaseReason"))
              .isEqualTo(
                  "PostgreSQL refuses a setting: invalid value for parameter"
                      + " \"work_mem\": \"nonsense\"");
        });
    assertThat(bench.servers(OTHER)).isEmpty();

    bench.patchCluster(
        OTHER,
        Map.of(
            "spec",
            Map.of(
                "postgresql",
                Map.of(
                    "parameters", Map.of("work_mem", "3MB", "default_toast_compression", "lz4")))));
    bench.awaitHealthy(OTHER);
    assertThat(askOther("select value from kept")).isEqualTo("latest");
    assertThat(askOther("show default_toast_compression")).isEqualTo("pglz");
  }

  @Test
  void aBackupThatCannotBeTakenFails() {
    bench.startOperator();
    backups.create("of-nothing", "no-such-cluster", STORE);
    backups.awaitFailed("of-nothing", "no Cluster named no-such-cluster");

    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    backups.create("nowhere", DB, "");
    backups.awaitFailed("nowhere", "no object store");
    backups.create("elsewhere", DB, "no-such-store");
    backups.awaitFailed("elsewhere", "no ObjectStore named no-such-store");

    annotate("cnpg.io/hibernation", "on");
    bench.await(
        () -> assertThat(bench.conditions(DB)).contains("cnpg.io/hibernation/Hibernated/True"));
    backups.create("asleep", DB, STORE);
    backups.awaitFailed("asleep", "stopped");
    backups.delete("asleep");
  }

  private void database(int major) {
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createService(DB, address, 5432);
    bench.createCluster(DB, major, BackupBench.archivedIn(STORE, SERVER));
    bench.awaitHealthy(DB);
  }

  private void recover(int major, String store, Map<String, Object> target) {
    bench.createSecret(OTHER, OperatorBench.PASSWORD);
    bench.createService(OTHER, otherAddress, 5432);
    bench.createCluster(
        OTHER, major, BackupBench.recoveredFrom(store, SERVER, target, OTHER + "-app"));
    bench.awaitHealthy(OTHER);
  }

  private static Connection login(String host, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + host + ":5432/" + database + "?sslmode=require",
        "app_user",
        OperatorBench.PASSWORD);
  }

  private String askOther(String query) throws SQLException {
    return OperatorBench.ask(otherAddress, OperatorBench.PASSWORD, query);
  }

  /** Two rows per transaction, until told to stop; gives the number of rows. */
  private int writePairs(AtomicBoolean enough) {
    String url = "jdbc:postgresql://" + address + ":5432/my_app?sslmode=require";
    int rows = 0;
    try (Connection connection =
            DriverManager.getConnection(url, "app_user", OperatorBench.PASSWORD);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!enough.get()) {
        statement.execute("insert into pairs values (1, -1)");
        statement.execute("insert into pairs values (2, -2)");
        connection.commit();
        rows += 2;
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}

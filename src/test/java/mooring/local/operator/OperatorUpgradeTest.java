package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.local.postgres.MajorUpgrade;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Upgrades to another major version of data that is archived. */
@Tag("slow")
class OperatorUpgradeTest extends OperatorTestBase {
  private static final String STORE = "mooring-7d";
  private static final String SERVER = "server-1";
  private static final String NEXT = "server-1-next";

  @Test
  void oneThatFailsIsToldByItsJobAndTheLogGoesWhereItWent() throws Exception {
    assumeTrue(MajorUpgrade.between(14, 16).isEmpty(), "this machine can");
    BackupBench backups = begin(14);
    ask("create table kept as select 42 as value");

    change(16, NEXT);
    bench.await(() -> assertThat(failure()).contains("of major 14"));
    assertThat(bench.status(DB, "phase")).isEqualTo("Upgrading Postgres major version");
    assertThat(ask("select value from kept")).isEqualTo("42");
    String log = Files.readString(bench.data(DB).resolveSibling("server.log"));
    assertThat(log).contains("upgrade to PostgreSQL 16 failed: the data is of major 14");
    String segment = switched();
    bench.await(() -> assertThat(wal(backups, SERVER, "wal", segment)).exists());
    assertThat(backups.archive(STORE, NEXT)).doesNotExist();

    change(14, SERVER);
    bench.awaitHealthy(DB);
    bench.await(() -> assertThat(jobs()).isEmpty());
    assertThat(bench.status(DB, "pgDataImageInfo", "majorVersion")).isEqualTo(14);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  void theLogOfAnotherMajorGoesElsewhereAndEachIsRecoveredFromItsOwn() throws Exception {
    assumeTrue(MajorUpgrade.between(14, 15).isPresent(), "no programs of 14 and 15");
    BackupBench backups = begin(14);
    ask("create table kept as select 42 as value");
    backups.create("first", DB, STORE);
    String first = backups.awaitCompleted("first");

    change(15, SERVER); // whoever forgets the archive's name
    bench.await(
        () -> {
          assertThat(bench.status(DB, "phase")).isEqualTo("Cluster in healthy state");
          assertThat(bench.status(DB, "pgDataImageInfo", "majorVersion")).isEqualTo(15);
        });
    assertThat(ask("show server_version")).startsWith("15");
    assertThat(ask("select value from kept")).isEqualTo("42");
    String segment = switched();
    bench.await(() -> assertThat(wal(backups, SERVER, "wal-15", segment)).exists());
    ask("update kept set value = 43");
    backups.create("second", DB, STORE);
    String second = backups.awaitCompleted("second");
    assertThat(backups.copies(STORE, SERVER)).containsExactly(first, second);

    recovered(15, second, "43");
    recovered(14, first, "42");
  }

  private void recovered(int major, String backup, String value) throws Exception {
    String name = "db-0000000" + major % 10;
    String there = OperatorBench.freshAddress();
    bench.createSecret(name, OperatorBench.PASSWORD);
    bench.createCluster(
        name,
        major,
        BackupBench.recoveredFrom(
            STORE, SERVER, Map.of("backupID", backup, "targetImmediate", true), name + "-app"));
    bench.createService(name, there, 5432);
    bench.awaitHealthy(name);
    assertThat(OperatorBench.ask(there, OperatorBench.PASSWORD, "select value from kept"))
        .isEqualTo(value);
  }

  /** Ends a segment of the log; its name. */
  private String switched() throws Exception {
    String password = Files.readString(bench.data(DB).resolveSibling("superuser-password")).trim();
    String url = "jdbc:postgresql://" + address + ":5432/my_app?sslmode=require";
    try (Connection session = DriverManager.getConnection(url, "postgres", password);
        Statement statement = session.createStatement();
        ResultSet row = statement.executeQuery("select pg_walfile_name(pg_switch_wal())")) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private BackupBench begin(int major) {
    bench.startOperator();
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createCluster(DB, major, BackupBench.archivedIn(STORE, SERVER));
    bench.createService(DB, address, 5432);
    bench.awaitHealthy(DB);
    return new BackupBench(bench);
  }

  private void change(int major, String server) {
    Map<String, Object> spec = new HashMap<>(BackupBench.archivedIn(STORE, server));
    spec.put("imageCatalogRef", Map.of("major", major));
    long unused = bench.patchCluster(DB, Map.of("spec", spec));
  }

  private List<Job> jobs() {
    return bench
        .client
        .batch()
        .v1()
        .jobs()
        .inNamespace(bench.namespace)
        .withLabel("cnpg.io/cluster", DB)
        .list()
        .getItems();
  }

  private String failure() {
    return jobs().stream()
        .filter(job -> job.getStatus() != null) // it is made before it is told how it stands
        .flatMap(job -> job.getStatus().getConditions().stream())
        .map(condition -> condition.getType() + " " + condition.getMessage())
        .findFirst()
        .orElse("");
  }

  private static Path wal(BackupBench backups, String server, String log, String segment) {
    return backups.archive(STORE, server).resolve(log).resolve(segment + ".gz");
  }
}

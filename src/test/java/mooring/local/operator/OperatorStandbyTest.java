package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clusters of several servers: who follows, who takes over, and what is promised meanwhile. */
class OperatorStandbyTest extends OperatorTestBase {
  private static final int MANY_FILES = 60_000;

  @Test
  void aStandbyTakesTheKilledPrimarysPlaceWithAllThatWasConfirmed() throws Exception {
    bench.startOperator();
    database(2, synchronous("required"));
    assertThat(bench.status(DB, "instanceNames")).isEqualTo(List.of(DB + "-1", DB + "-2"));
    assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-1");
    awaitConfirming(2); // before what it has to confirm
    ask("create table kept as select 42 as value");

    kill(1);

    bench.await(
        () -> {
          assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-2");
          assertThat(bench.status(DB, "readyInstances")).isEqualTo(2);
        });
    bench.awaitHealthy(DB, 2);
    assertThat(ask("select value from kept")).isEqualTo("42");
    assertThat(bench.data(DB, 1).resolve("standby.signal")).exists();
    assertThat(bench.data(DB, 2).resolve("standby.signal")).doesNotExist();
    ask("insert into kept values (43)");
    assertThat(servers(2)).hasSize(2);
  }

  @Test
  @Tag("slow")
  void whatIsConfirmedWhileThePrimaryIsKilledAgainAndAgainIsKept() throws Exception {
    bench.startOperator();
    database(3, synchronous("required"));
    ask("create table kept (value int)");
    AtomicInteger confirmed = new AtomicInteger();
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(confirmed));
    for (int round = 0; round < 3; round++) {
      int before = confirmed.get();
      bench.await(() -> assertThat(confirmed.get()).isGreaterThan(before + 20));
      kill(primary());
      int after = confirmed.get();
      bench.await(() -> assertThat(confirmed.get()).isGreaterThan(after + 20));
      bench.awaitHealthy(DB, 3);
    }
    writing.cancel(true);
    int last = confirmed.getAndSet(Integer.MIN_VALUE);
    assertThat(ask("select count(distinct value) from kept where value <= " + last))
        .isEqualTo(Integer.toString(last));
    assertThat(Integer.parseInt(ask("select timeline_id from pg_control_checkpoint()")))
        .isGreaterThan(1);
  }

  @Test
  @Tag("slow")
  void aKilledStandbyComesBackAndIsMissedMeanwhile() throws Exception {
    bench.startOperator();
    database(18, 2, synchronous("preferred"));
    awaitConfirming(2);
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (var watch =
        bench
            .clusters()
            .withName(DB)
            .watch(new StatusWatch(status -> seen.add(status.get("readyInstances"))))) {
      assertThat(watch).isNotNull();
      kill(2);
      bench.await(() -> assertThat(seen).contains(1));
      ask("create table written_alone (value int)"); // waits for nobody
      bench.awaitHealthy(DB, 2);
    }
    assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-1");
    awaitConfirming(2);
  }

  @Test
  @Tag("slow")
  void aStandbyThatHangsIsNotWaitedForWhereDurabilityIsPreferred() throws Exception {
    Map<String, Object> spec = synchronous("preferred");
    bench.startOperator();
    database(2, spec);
    parameter("wal_sender_timeout", "1s"); // so that the primary tells soon
    bench.await(() -> assertThat(ask("show wal_sender_timeout")).isEqualTo("1s"));
    awaitConfirming(2);
    ask("create table kept (value int)");
    List<Long> standby = bench.hang(DB, 2);

    ask("insert into kept values (1)"); // would wait until it is given up

    assertThat(ask("show synchronous_standby_names")).isEmpty();
    bench.await(() -> assertThat(bench.status(DB, "readyInstances")).isEqualTo(1));
    OperatorBench.signal("CONT", standby);
    bench.awaitHealthy(DB, 2);
  }

  @Test
  @Tag("slow")
  void itGrowsAndShrinksStopsAndStartsAndKeepsItsPrimary() throws Exception {
    bench.startOperator();
    database(1, Map.of());
    ask("create table kept as select 42 as value");

    instances(3);
    bench.awaitHealthy(DB, 3);
    assertThat(servers(3)).hasSize(3);
    kill(1);
    bench.await(() -> assertThat(bench.status(DB, "currentPrimary")).isNotEqualTo(DB + "-1"));
    bench.awaitHealthy(DB, 3);
    int primary = primary();

    List<Long> old = servers(3);
    long before = annotate("kubectl.kubernetes.io/restartedAt", "2026-01-01T00:00:00Z");
    bench.await(
        () -> {
          assertThat(version()).isGreaterThan(before);
          assertThat(servers(3)).hasSize(3).doesNotContainAnyElementsOf(old);
        });
    bench.awaitHealthy(DB, 3);
    assertThat(primary()).isEqualTo(primary);

    parameter("max_connections", "60");
    bench.await(() -> assertThat(ask("show max_connections")).isEqualTo("60"));
    bench.awaitHealthy(DB, 3);
    parameter("max_connections", "120");
    bench.await(() -> assertThat(ask("show max_connections")).isEqualTo("120"));
    bench.awaitHealthy(DB, 3);

    annotate("cnpg.io/hibernation", "on");
    bench.await(
        () -> assertThat(bench.conditions(DB)).contains("cnpg.io/hibernation/Hibernated/True"));
    assertThat(servers(3)).isEmpty();
    annotate("cnpg.io/hibernation", "off");
    bench.awaitHealthy(DB, 3);

    instances(1);
    bench.awaitHealthy(DB, 1);
    assertThat(primary()).isEqualTo(primary);
    assertThat(servers(3)).hasSize(1);
    assertThat(directories()).containsExactly(DB + "-" + primary);
    assertThat(ask("select value from kept")).isEqualTo("42");

    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    assertThat(directories()).isEmpty();
  }

  @Test
  @Tag("slow")
  void requiredDurabilityWaitsForAStandbyAndPreferredDoesNot() throws Exception {
    Process operator = bench.startOperatorProcess();
    database(2, synchronous("required"));
    ask("create table kept (value int)");
    operator.destroyForcibly();
    assertThat(operator.waitFor(30, TimeUnit.SECONDS)).isTrue();
    OperatorBench.signal("KILL", bench.hang(DB, 2)); // with what might still confirm

    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(() -> insist("insert into kept values (1)"));
    bench.await(
        () ->
            assertThat(ask("select count(*) from pg_stat_activity where wait_event = 'SyncRep'"))
                .isEqualTo("1"));
    assertThat(writing).isNotDone();
    List<Long> left = servers(2);
    assertThat(left).hasSize(1);

    bench.startOperator();

    bench.awaitHealthy(DB, 2);
    assertThat(servers(2)).hasSize(2).doesNotContainAnyElementsOf(left);
    assertThat(writing).succeedsWithin(60, TimeUnit.SECONDS);
  }

  @Test
  @Tag("slow")
  void afterAFailoverTheArchiveGoesOnAndCanBeRecovered() throws Exception {
    String other = "db-5e6f7a8b";
    String otherAddress = OperatorBench.freshAddress();
    BackupBench backups = new BackupBench(bench);
    bench.startOperator();
    Map<String, Object> spec = new HashMap<>(synchronous("required"));
    spec.putAll(BackupBench.archivedIn("mooring-7d", "server-1"));
    database(14, 2, spec);
    ask("create table kept as select 'before' as value");
    backups.create("first", DB, "");
    backups.awaitCompleted("first");
    ask("insert into kept values ('between')");
    kill(1);
    bench.await(() -> assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-2"));
    bench.awaitHealthy(DB, 2);
    ask("insert into kept values ('after')");

    bench.createSecret(other, OperatorBench.PASSWORD);
    bench.createService(other, otherAddress, 5432);
    bench.createCluster(
        other, 14, BackupBench.recoveredFrom("mooring-7d", "server-1", Map.of(), other + "-app"));
    bench.awaitHealthy(other);

    assertThat(
            OperatorBench.ask(
                otherAddress,
                OperatorBench.PASSWORD,
                "select string_agg(value, ' ' order by value) from kept"))
        .isEqualTo("after before between");
    backups.create("second", DB, "");
    backups.awaitCompleted("second");
  }

  @Test
  @Tag("slow")
  void whenItsPlaceChangesThePrimaryMovesAndItsStandbyFollowsWithoutANewCopy() throws Exception {
    String other = OperatorBench.freshAddress();
    bench.startOperator();
    database(2, synchronous("required"));
    ask("create table kept as select 42 as value");
    Path mark = Files.createFile(bench.data(DB, 2).resolve("not_copied"));

    bench.client.services().inNamespace(bench.namespace).withName(DB).delete();
    bench.createService(DB, other, 5432);

    bench.await(
        () ->
            assertThat(OperatorBench.ask(other, OperatorBench.PASSWORD, "select value from kept"))
                .isEqualTo("42"));
    bench.awaitHealthy(DB, 2);
    assertThat(
            OperatorBench.ask(
                other, OperatorBench.PASSWORD, "insert into kept values (43) returning value"))
        .isEqualTo("43");
    assertThat(mark).exists();
  }

  @Test
  @Tag("slow")
  void aPrimaryThatEndsIsReplacedThoughAnotherStandbyIsBeingCopied() throws Exception {
    bench.startOperator();
    database(2, synchronous("preferred"));
    awaitConfirming(2); // before what it has to confirm
    ask("create table kept as select 42 as value");
    Path many = bench.fill(DB, MANY_FILES);
    Path copy = bench.data(DB, 3).resolveSibling("pgdata.copying").resolve(many.getFileName());
    instances(3);
    bench.await(() -> assertThat(copy).exists());

    kill(1);

    AtomicLong copied = new AtomicLong();
    bench.await(
        () -> {
          copied.accumulateAndGet(files(copy), Math::max);
          assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-2");
        });
    assertThat(copied).hasValueLessThan(MANY_FILES);
    bench.awaitHealthy(DB, 3);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  @Tag("slow")
  void aFormerPrimarysLogIsArchivedBeforeItIsRemoved() throws Exception {
    Process operator = bench.startOperatorProcess();
    Map<String, Object> spec = new HashMap<>(synchronous("required"));
    spec.putAll(BackupBench.archivedIn("mooring-7d", "server-1"));
    database(2, spec);
    operator.destroyForcibly();
    assertThat(operator.waitFor(30, TimeUnit.SECONDS)).isTrue();
    kill(1);
    Path wal = bench.data(DB, 1).resolve("pg_wal");
    Path segment = Files.writeString(wal.resolve("0000000100000000000000F0"), "log");
    Path ready = wal.resolve("archive_status").resolve(segment.getFileName() + ".ready");
    assertThat(Files.createFile(ready)).exists();
    GenericKubernetesResource chosen =
        bench
            .clusters()
            .withName(DB)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"status\":{\"targetPrimary\":\"" + DB + "-2\"}}");
    assertThat(chosen).isNotNull();
    instances(1);

    bench.startOperator();

    bench.await(() -> assertThat(directories()).containsExactly(DB + "-2"));
    Path archive = new BackupBench(bench).archive("mooring-7d", "server-1");
    assertThat(archive.resolve("wal").resolve(segment.getFileName() + ".gz")).exists();
  }

  private static long files(Path directory) {
    String[] names = directory.toFile().list();
    return names == null ? 0 : names.length;
  }

  private void database(int instances, Map<String, Object> further) {
    database(16, instances, further);
  }

  private void database(int major, int instances, Map<String, Object> further) {
    Map<String, Object> spec = new HashMap<>(further);
    spec.put("instances", instances);
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createService(DB, address, 5432);
    bench.createCluster(DB, major, spec);
    bench.awaitHealthy(DB, instances);
  }

  private static Map<String, Object> synchronous(String durability) {
    return Map.of(
        "postgresql",
        Map.of(
            "parameters",
            Map.of("shared_buffers", "16MB"),
            "synchronous",
            Map.of("method", "any", "number", 1, "dataDurability", durability)));
  }

  private void instances(int number) {
    long unused = bench.patchCluster(DB, Map.of("spec", Map.of("instances", number)));
  }

  private void parameter(String name, String value) {
    long unused =
        bench.patchCluster(
            DB, Map.of("spec", Map.of("postgresql", Map.of("parameters", Map.of(name, value)))));
  }

  /** The setting is the server's when it has read it, a little after it was told to. */
  private int primary() {
    String name = String.valueOf(bench.status(DB, "currentPrimary"));
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  private void kill(int number) {
    List<Long> pids = bench.servers(DB, number);
    assertThat(pids).hasSize(1);
    assertThat(ProcessHandle.of(pids.get(0)).orElseThrow().destroyForcibly()).isTrue();
  }

  private List<Long> servers(int most) {
    return IntStream.rangeClosed(1, most)
        .boxed()
        .flatMap(number -> bench.servers(DB, number).stream())
        .toList();
  }

  private List<String> directories() {
    return IntStream.rangeClosed(1, 5)
        .filter(number -> bench.data(DB, number).getParent().toFile().exists())
        .mapToObj(number -> DB + "-" + number)
        .toList();
  }

  /** One number after the other, each once it is confirmed or known to be there. */
  private void write(AtomicInteger confirmed) {
    while (confirmed.get() >= 0) {
      int next = confirmed.get() + 1;
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        while (confirmed.get() >= 0) {
          statement.execute("insert into kept values (" + next + ")");
          confirmed.compareAndSet(next - 1, next);
          next++;
        }
      } catch (SQLException e) {
        // It is tried again.
      }
    }
  }

  private void insist(String statement) {
    try {
      ask(statement);
    } catch (SQLException e) { // its server was restarted meanwhile
      bench.await(() -> ask(statement));
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://"
            + address
            + ":5432/my_app?sslmode=require&connectTimeout=2&socketTimeout=10",
        "app_user",
        OperatorBench.PASSWORD);
  }
}

package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server whose process lives and does not answer. */
class OperatorHangTest extends OperatorTestBase {
  private static final String OTHER = "db-5e6f7a8b";
  private static final long SIGINT = 0b10; // the second of the bits

  private static final Probing QUICK =
      new Probing(Duration.ofMillis(300), Duration.ofMillis(700), 3);

  @Test
  void itIsNotReadyUntilItAnswersAgainAndIsNotRestarted() throws Exception {
    String otherAddress = OperatorBench.freshAddress();
    bench.startOperator(QUICK);
    bench.createDatabase(DB, 16, address);
    bench.createDatabase(OTHER, 16, otherAddress);
    bench.awaitHealthy(DB);
    bench.awaitHealthy(OTHER);
    ask("create table kept as select 42 as value");
    List<Long> server = bench.servers(DB);

    OperatorBench.signal("STOP", server);

    awaitNotReady();
    parameter(OTHER, "work_mem", "5MB");
    bench.await(
        () ->
            assertThat(OperatorBench.ask(otherAddress, OperatorBench.PASSWORD, "show work_mem"))
                .isEqualTo("5MB"));
    bench.awaitHealthy(OTHER);
    assertThat(bench.status(DB, "readyInstances")).isEqualTo(0);

    OperatorBench.signal("CONT", server);

    bench.awaitHealthy(DB);
    assertThat(bench.status(DB, "phaseReason")).isNull();
    assertThat(bench.status(DB, "instancesStatus", "healthy")).isEqualTo(List.of(DB + "-1"));
    assertThat(bench.servers(DB)).isEqualTo(server);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  @Tag("slow")
  void aRestartThatIsAskedForIsDoneAllTheSame() throws Exception {
    databaseThatHangs(QUICK);
    List<Long> server = bench.servers(DB);

    annotate("kubectl.kubernetes.io/restartedAt", "2026-01-01T00:00:00Z");

    bench.await(() -> assertThat(bench.servers(DB)).hasSize(1).doesNotContainAnyElementsOf(server));
    bench.awaitHealthy(DB);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  @Tag("slow")
  void itIsStoppedAndStartedAsAsked() throws Exception {
    databaseThatHangs(QUICK);

    annotate("cnpg.io/hibernation", "on");
    bench.await(
        () -> {
          assertThat(bench.conditions(DB)).contains("cnpg.io/hibernation/Hibernated/True");
          assertThat(bench.servers(DB)).isEmpty();
        });
    annotate("cnpg.io/hibernation", "off");

    bench.awaitHealthy(DB);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  @Tag("slow")
  void itIsDeletedSoonThoughNobodyKnowsThatItHangs() throws Exception {
    databaseThatHangs(Probing.KUBELET);
    long begin = System.nanoTime();

    bench.clusters().withName(DB).delete();

    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(35));
    assertThat(bench.servers(DB)).isEmpty();
    assertThat(bench.data(DB).getParent()).doesNotExist();
  }

  @Test
  @Tag("slow")
  void closingEndsItInTimeWithAllThatItHasForked() throws Exception {
    List<Long> family = databaseThatHangs(Probing.KUBELET);
    long begin = System.nanoTime();

    bench.stopOperator();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    bench.await(() -> assertThat(family).noneMatch(OperatorHangTest::isAlive));
    bench.startOperator();
    bench.awaitHealthy(DB);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  @Tag("slow")
  void oneLeftOverByAKilledOperatorIsEndedAndStartedAnew() throws Exception {
    List<Long> family = leftOverThatHangs();

    bench.startOperator();

    bench.await(
        () -> {
          assertThat(bench.servers(DB)).hasSize(1).doesNotContainAnyElementsOf(family);
          assertThat(family).noneMatch(OperatorHangTest::isAlive);
        });
    bench.awaitHealthy(DB);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  @Tag("slow")
  void oneLeftOverIsEndedThoughTheOperatorClosesMeanwhile() throws Exception {
    List<Long> family = leftOverThatHangs();
    bench.startOperator();
    bench.await(() -> assertThat(isToldToEnd(family.get(0))).isTrue());

    bench.stopOperator();

    bench.await(() -> assertThat(family).noneMatch(OperatorHangTest::isAlive));
    assertThat(bench.servers(DB)).isEmpty();
  }

  /** Returns the processes that hang. */
  private List<Long> leftOverThatHangs() throws Exception {
    Process first = bench.startOperatorProcess();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");
    first.destroyForcibly();
    assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return bench.hang(DB, 1);
  }

  /** Whether it was sent a SIGINT that it has not heard of: its children send it others. */
  private static boolean isToldToEnd(long pid) throws IOException {
    return (pendingSignals(pid) & SIGINT) != 0;
  }

  private static long pendingSignals(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("ShdPnd:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim(), 16))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Tag("slow")
  void aStandbyThatOnlyFollowsIsNotReadyAndGoesOnFollowing() throws Exception {
    bench.startOperator(QUICK);
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createCluster(DB, 16, Map.of("instances", 2));
    bench.createService(DB, address, 5432);
    bench.awaitHealthy(DB, 2);
    List<Long> standby = bench.servers(DB, 2);

    OperatorBench.signal("STOP", standby); // what it has forked goes on

    bench.await(
        () -> {
          assertThat(bench.status(DB, "readyInstances")).isEqualTo(1);
          assertThat(bench.status(DB, "phaseReason")).asString().contains("does not answer");
          assertThat(bench.status(DB, "instancesStatus", "failed")).isEqualTo(List.of(DB + "-2"));
        });
    assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-1");
    ask("create table kept as select 42 as value");
    OperatorBench.signal("CONT", standby);
    bench.awaitHealthy(DB, 2);
    assertThat(bench.servers(DB, 2)).isEqualTo(standby);

    OperatorBench.signal("STOP", bench.servers(DB, 1)); // one that hangs has its place kept
    awaitNotReady(1);
    assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-1");
    OperatorBench.signal("CONT", bench.servers(DB, 1));
    bench.awaitHealthy(DB, 2);
    assertThat(log(1) + log(2)).doesNotContain("no pg_hba.conf entry");
  }

  @Test
  @Tag("slow")
  void aPrimaryThatIsToEndDoesNotWaitForTheWordOfAStandbyThatHangs() throws Exception {
    bench.startOperator(QUICK);
    bench.createSecret(DB, OperatorBench.PASSWORD);
    Map<String, String> patient = Map.of("shared_buffers", "16MB", "wal_sender_timeout", "10min");
    bench.createCluster(
        DB, 16, Map.of("instances", 2, "postgresql", Map.of("parameters", patient)));
    bench.createService(DB, address, 5432);
    bench.awaitHealthy(DB, 2);
    List<Long> unused = bench.hang(DB, 2);
    bench.await(() -> assertThat(bench.status(DB, "readyInstances")).isEqualTo(1));
    long begin = System.nanoTime();

    bench.clusters().withName(DB).delete();

    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)) // it would be killed after 60 s
        .isLessThan(Duration.ofSeconds(40));
    assertThat(bench.servers(DB)).isEmpty();
    assertThat(bench.servers(DB, 2)).isEmpty();
  }

  @Test
  void itsQuestionsLeaveNothingInTheLogs() throws Exception {
    bench.startOperator(new Probing(Duration.ofMillis(20), Duration.ofSeconds(30), 3));
    bench
        .client
        .resource(OperatorAccessTest.policy("203.0.113.0/24"))
        .inNamespace(bench.namespace)
        .create();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    parameter(DB, "log_connections", "on");

    bench.await(() -> assertThat(log(1).split("connection received")).hasSizeGreaterThan(20));

    assertThat(log(1)).doesNotContain("FATAL").doesNotContain("could not");
    assertThat(bench.status(DB, "readyInstances")).isEqualTo(1);
  }

  /** Returns the processes that hang. */
  private List<Long> databaseThatHangs(Probing probing) throws Exception {
    bench.startOperator(probing);
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");
    List<Long> family = bench.hang(DB, 1);
    if (probing.equals(QUICK)) {
      awaitNotReady();
    }
    return family;
  }

  private void awaitNotReady() {
    awaitNotReady(0);
  }

  private void awaitNotReady(int left) {
    bench.await(
        () -> {
          assertThat(bench.status(DB, "readyInstances")).isEqualTo(left);
          assertThat(bench.conditions(DB)).contains("Ready/ClusterIsNotReady/False");
          assertThat(bench.status(DB, "phase"))
              .isEqualTo("Waiting for the instances to become active");
          assertThat(bench.status(DB, "phaseReason"))
              .isEqualTo("PostgreSQL does not answer in " + DB + "-1");
          assertThat(bench.status(DB, "instancesStatus", "failed")).isEqualTo(List.of(DB + "-1"));
        });
  }

  private void parameter(String database, String name, String value) {
    bench.patchCluster(
        database, Map.of("spec", Map.of("postgresql", Map.of("parameters", Map.of(name, value)))));
  }

  private String log(int number) throws IOException {
    return Files.readString(bench.data(DB, number).resolveSibling("server.log"));
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }
}

package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator does, whatever API server it works with. */
abstract class OperatorSuite {
  private static final String DB = "db-1a2b3c4d";
  private static final String OTHER = "db-5e6f7a8b";

  /** More than the 8 s that closing takes at most, for a busy machine; a stop has a minute. */
  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private OperatorBench bench;
  private final String address = OperatorBench.freshAddress();

  abstract Path kubeconfig();

  @BeforeEach
  void makeNamespace() {
    bench = new OperatorBench(kubeconfig(), directory);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    bench.close();
    assertThat(bench.servers(DB)).isEmpty();
  }

  @Test
  void runsADatabaseAndReportsItAsCloudNativePgDoes() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);

    assertThat(ask("show server_version")).startsWith("16.");
    assertThat(ask("select current_user || ' ' || current_database()"))
        .isEqualTo("app_user my_app");
    assertThat(ask("select ssl::text from pg_stat_ssl where pid = pg_backend_pid()"))
        .isEqualTo("true");
    assertThat(ask("show shared_buffers")).isEqualTo("16MB");
    assertThat(ask("show fsync")).isEqualTo("on");
    assertThat(ask("show listen_addresses")).isEqualTo(address);
    assertThat(bench.data(DB).resolve("postgresql.conf"))
        .content()
        .contains("unix_socket_directories = ''");

    assertThat(bench.status(DB, "currentPrimary")).isEqualTo(DB + "-1");
    assertThat(bench.status(DB, "targetPrimary")).isEqualTo(DB + "-1");
    assertThat(bench.status(DB, "instances")).isEqualTo(1);
    assertThat(bench.status(DB, "instanceNames")).isEqualTo(List.of(DB + "-1"));
    assertThat(bench.status(DB, "instancesStatus", "healthy")).isEqualTo(List.of(DB + "-1"));
    assertThat(bench.status(DB, "writeService")).isEqualTo(DB + "-rw");
    assertThat(bench.status(DB, "pgDataImageInfo", "majorVersion")).isEqualTo(16);
    assertThat(bench.status(DB, "image")).asString().contains(":16.");
    assertThat(bench.status(DB, "phaseReason")).isNull();
    assertThat(bench.conditions(DB)).contains("Initialized/BootstrapCompleted/True");
    bench.await(
        () ->
            assertThat(service().getStatus().getLoadBalancer().getIngress().get(0).getIp())
                .isEqualTo(address));
    bench.await(() -> assertThat(authority()).isNotNull());
    // Whoever has the key of the authority could stand in for any server.
    assertThat(authority().getData()).containsOnlyKeys("ca.crt");
  }

  private Secret authority() {
    return bench.client.secrets().inNamespace(bench.namespace).withName(DB + "-ca").get();
  }

  @Test
  void theOrderOfTheObjectsDoesNotMatterAndWhatIsMissingIsNamed() {
    bench.startOperator();
    bench.createCluster(DB, 15, Map.of());
    bench.await(
        () -> {
          assertThat(bench.status(DB, "phase")).isEqualTo("Setting up primary");
          assertThat(bench.status(DB, "phaseReason")).asString().contains("Service");
          assertThat(bench.conditions(DB)).contains("Ready/ClusterIsNotReady/False");
        });
    bench.createService(DB, address, 5432);
    bench.await(() -> assertThat(bench.status(DB, "phaseReason")).asString().contains(DB + "-app"));

    bench.createSecret(DB, OperatorBench.PASSWORD);

    bench.awaitHealthy(DB);
  }

  @Test
  void severalMajorsRunSideBySide() throws SQLException {
    String otherAddress = OperatorBench.freshAddress();
    bench.startOperator();
    bench.createDatabase(DB, 14, address);
    bench.createDatabase(OTHER, 16, otherAddress);
    bench.awaitHealthy(DB);
    bench.awaitHealthy(OTHER);

    assertThat(ask("show server_version")).startsWith("14.");
    assertThat(OperatorBench.ask(otherAddress, OperatorBench.PASSWORD, "show server_version"))
        .startsWith("16.");
  }

  @Test
  void aRestartFindsTheDataAndIsNotReadyInBetween() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");
    bench.stopOperator();
    assertThat(bench.servers(DB)).isEmpty();
    assertThat(bench.status(DB, "readyInstances")).isEqualTo(1); // nobody was there to say so

    try (ServerSocket inTheWay = listenAt(address)) {
      assertThat(inTheWay.isBound()).isTrue();
      bench.startOperator(); // cannot start the server, so what is seen is what start() wrote
      assertThat(bench.status(DB, "readyInstances")).isEqualTo(0);
      assertThat(bench.conditions(DB)).contains("Ready/ClusterIsNotReady/False");
      assertThat(bench.status(DB, "phase")).isEqualTo("Waiting for the instances to become active");
    } catch (IOException e) {
      throw new AssertionError(e);
    }

    bench.awaitHealthy(DB);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  void aKilledServerComesBackWithItsData() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");
    long killed = bench.servers(DB).get(0);

    assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();

    bench.await(
        () -> {
          assertThat(bench.servers(DB)).hasSize(1).doesNotContain(killed);
          assertThat(ask("select value from kept")).isEqualTo("42");
        });
    bench.awaitHealthy(DB);
  }

  @Test
  @Tag("slow")
  void aKilledOperatorLeavesOneServerAfterTheNextStart() throws Exception {
    Process first = bench.startOperatorProcess();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");
    long leftOver = bench.servers(DB).get(0);
    first.destroyForcibly();
    assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(bench.servers(DB)).containsExactly(leftOver);

    bench.startOperator();

    bench.await(() -> assertThat(bench.servers(DB)).hasSize(1).doesNotContain(leftOver));
    bench.awaitHealthy(DB);
    assertThat(ask("select value from kept")).isEqualTo("42");
  }

  @Test
  void deletionStopsTheServerAndRemovesTheData() {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.createCluster(OTHER, 16, Map.of()); // never starts: no Secret, no Service
    bench.awaitHealthy(DB);
    bench.await(() -> assertThat(bench.status(OTHER, "phaseReason")).isNotNull());

    bench.clusters().withName(DB).delete();
    bench.clusters().withName(OTHER).delete();

    bench.await(
        () -> {
          assertThat(bench.clusters().list().getItems()).isEmpty();
          assertThat(bench.servers(DB)).isEmpty();
        });
    assertThat(bench.data(DB).getParent()).doesNotExist();
  }

  @Test
  void aDeletionMissedWhileAwayIsDoneAtTheNextStart() {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    bench.stopOperator();
    bench.clusters().withName(DB).delete();
    assertThat(bench.clusters().withName(DB).get()).isNotNull(); // held by the finalizer

    bench.startOperator();

    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    assertThat(bench.data(DB)).doesNotExist();
  }

  @Test
  void dataWithoutItsClusterIsLeftAloneAndNeverTakenForAnother() {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    bench.stopOperator();
    bench.patchCluster(DB, Map.of("metadata", Map.of("finalizers", List.of())));
    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());

    bench.startOperator();
    assertThat(bench.data(DB).resolve("PG_VERSION")).exists();
    bench.createCluster(DB, 16, Map.of());

    bench.await(
        () -> {
          assertThat(bench.status(DB, "phase"))
              .isEqualTo("Cluster is unrecoverable and needs manual intervention");
          assertThat(bench.status(DB, "phaseReason")).asString().contains("another Cluster");
        });
    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    assertThat(bench.data(DB).resolve("PG_VERSION")).exists();
    assertThat(bench.servers(DB)).isEmpty();
  }

  @Test
  void lostDataIsNeverMadeAnew() throws Exception {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    bench.stopOperator();
    Files.move(bench.data(DB).getParent(), directory.resolve("elsewhere"));

    bench.startOperator();

    bench.await(
        () -> {
          assertThat(bench.status(DB, "phase"))
              .isEqualTo("Cluster is unrecoverable and needs manual intervention");
          assertThat(bench.status(DB, "readyInstances")).isEqualTo(0);
        });
    assertThat(bench.data(DB)).doesNotExist();
  }

  @Test
  void anAddressThatIsTakenIsTriedAgain() throws Exception {
    try (ServerSocket inTheWay = listenAt(address)) {
      assertThat(inTheWay.isBound()).isTrue();
      bench.startOperator();
      bench.createDatabase(DB, 16, address);
      bench.await(
          () -> {
            assertThat(bench.status(DB, "phase")).isEqualTo("Setting up primary");
            assertThat(bench.status(DB, "phaseReason"))
                .asString()
                .contains(address)
                .contains("Address already in use");
          });
    }

    bench.awaitHealthy(DB);
    assertThat(bench.status(DB, "phaseReason")).isNull();
  }

  @Test
  void anUnknownCatalogueIsReported() {
    bench.startOperator();
    bench.createCluster(
        OTHER,
        16,
        Map.of(
            "imageCatalogRef",
            Map.of(
                "apiGroup", "postgresql.cnpg.io",
                "kind", "ImageCatalog",
                "name", "no-such-catalog",
                "major", 16)));

    bench.await(
        () -> {
          assertThat(bench.status(OTHER, "phase"))
              .isEqualTo("Cluster has incomplete or invalid image catalog");
          assertThat(bench.status(OTHER, "phaseReason")).asString().contains("no-such-catalog");
        });
  }

  @Test
  void aNewPasswordReplacesTheOldOne() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);

    bench.createSecret(DB, "second-password");

    bench.await(
        () -> assertThat(OperatorBench.ask(address, "second-password", "select 1")).isEqualTo("1"));
    assertThatThrownBy(() -> ask("select 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    bench.await(
        () ->
            assertThat(bench.status(DB, "secretsResourceVersion", "applicationSecretVersion"))
                .isEqualTo(
                    bench
                        .client
                        .secrets()
                        .inNamespace(bench.namespace)
                        .withName(DB + "-app")
                        .get()
                        .getMetadata()
                        .getResourceVersion()));
  }

  @Test
  void changedSettingsTakeEffectAndRefusedOnesDoNoHarm() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    long pid = bench.servers(DB).get(0);

    parameter("work_mem", "5MB");
    bench.await(() -> assertThat(ask("show work_mem")).isEqualTo("5MB"));
    assertThat(bench.servers(DB)).containsExactly(pid);

    parameter("shared_buffers", "24MB");
    bench.await(() -> assertThat(ask("show shared_buffers")).isEqualTo("24MB"));
    assertThat(bench.servers(DB)).hasSize(1).doesNotContain(pid);
    bench.awaitHealthy(DB);
    long restarted = bench.servers(DB).get(0);

    parameter("shared_buffers", "nonsense");
    bench.await(
        () -> {
          assertThat(bench.status(DB, "phase")).isEqualTo("Invalid cluster definition");
          assertThat(bench.status(DB, "phaseReason"))
              .isEqualTo(
                  "PostgreSQL refuses a setting: invalid value for parameter"
                      + " \"shared_buffers\": \"nonsense\"");
        });
    assertThat(bench.conditions(DB)).contains("Ready/ClusterIsNotReady/False");
    assertThat(bench.status(DB, "readyInstances")).isEqualTo(1);
    assertThat(bench.servers(DB)).containsExactly(restarted);
    assertThat(ask("show shared_buffers")).isEqualTo("24MB");

    parameter("shared_buffers", "32MB");
    bench.await(() -> assertThat(ask("show shared_buffers")).isEqualTo("32MB"));
    bench.awaitHealthy(DB);
  }

  @Test
  void aNewAddressIsMovedTo() {
    String next = OperatorBench.freshAddress();
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);

    bench
        .client
        .services()
        .inNamespace(bench.namespace)
        .withName(DB)
        .edit(
            service -> {
              service.getSpec().setLoadBalancerIP(next);
              return service;
            });

    bench.await(
        () ->
            assertThat(OperatorBench.ask(next, OperatorBench.PASSWORD, "select 1")).isEqualTo("1"));
    assertThat(isListening(address)).isFalse();
    bench.awaitHealthy(DB);
  }

  @Test
  void hibernationStopsTheServerAndKeepsTheData() throws SQLException {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    ask("create table kept as select 42 as value");

    hibernation("on");
    bench.await(
        () -> {
          assertThat(bench.conditions(DB)).contains("cnpg.io/hibernation/Hibernated/True");
          assertThat(bench.servers(DB)).isEmpty();
        });
    hibernation("off");

    bench.awaitHealthy(DB);
    assertThat(ask("select value from kept")).isEqualTo("42");
    assertThat(bench.conditions(DB)).noneMatch(condition -> condition.contains("hibernation"));
  }

  @Test
  @Tag("slow")
  void aServerWithoutItsClusterIsStoppedBeforeAnyOtherIsStarted() throws Exception {
    Process first = bench.startOperatorProcess();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    first.destroyForcibly();
    assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
    bench.patchCluster(DB, Map.of("metadata", Map.of("finalizers", List.of())));
    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    assertThat(bench.servers(DB)).hasSize(1);

    bench.startOperator();

    assertThat(bench.servers(DB)).isEmpty();
    assertThat(bench.data(DB).resolve("PG_VERSION")).exists();
  }

  @Test
  void aSecondOperatorIsRefusedTheDirectoryWhileTheFirstRuns() throws Exception {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.awaitHealthy(DB);
    long pid = bench.servers(DB).get(0);

    Process second = bench.startOperatorProcess();

    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);

    assertThat(bench.servers(DB)).containsExactly(pid);
    assertThat(bench.status(DB, "readyInstances")).isEqualTo(1);
    bench.stopOperator();
    bench.startOperator();
    bench.awaitHealthy(DB);
  }

  @Test
  void closingStopsAServerWhoseStartIsUnderWay() {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.await(() -> assertThat(bench.data(DB).resolve("PG_VERSION")).exists()); // start follows
    long begin = System.nanoTime();

    bench.stopOperator();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    assertThat(bench.servers(DB)).isEmpty();
  }

  @Test
  void closingStopsEveryServerInTime() {
    bench.startOperator();
    bench.createDatabase(DB, 16, address);
    bench.createDatabase(OTHER, 15, OperatorBench.freshAddress());
    bench.awaitHealthy(DB);
    bench.awaitHealthy(OTHER);
    long begin = System.nanoTime();

    bench.stopOperator();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    assertThat(bench.servers(DB)).isEmpty();
    assertThat(bench.servers(OTHER)).isEmpty();
    assertThat(bench.data(DB)).exists();
  }

  private String ask(String query) throws SQLException {
    return OperatorBench.ask(address, OperatorBench.PASSWORD, query);
  }

  private void parameter(String name, String value) {
    bench.patchCluster(
        DB, Map.of("spec", Map.of("postgresql", Map.of("parameters", Map.of(name, value)))));
  }

  private void hibernation(String value) {
    bench.patchCluster(
        DB, Map.of("metadata", Map.of("annotations", Map.of("cnpg.io/hibernation", value))));
  }

  private Service service() {
    return bench.client.services().inNamespace(bench.namespace).withName(DB).get();
  }

  private static ServerSocket listenAt(String address) throws IOException {
    return new ServerSocket(5432, 1, InetAddress.getByName(address));
  }

  private static boolean isListening(String address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, 5432), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

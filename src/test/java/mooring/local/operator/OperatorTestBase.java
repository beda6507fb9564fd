package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A bench on the embedded Kubernetes API and one database's name and address. */
abstract class OperatorTestBase {
  static final String DB = "db-1a2b3c4d";
  private static EmbeddedServers servers;
  private static EmbeddedKubernetes api;

  @TempDir Path directory;
  final String address = OperatorBench.freshAddress();
  OperatorBench bench;

  @BeforeAll
  static void startApi(@TempDir Path state) {
    servers = new EmbeddedServers();
    api = servers.start(state);
  }

  @AfterAll
  static void stopApi() {
    servers.close();
  }

  @BeforeEach
  void makeNamespace() {
    bench = new OperatorBench(api.kubeconfig(), directory);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    bench.close();
    for (int number = 1; number <= 5; number++) {
      assertThat(bench.servers(DB, number)).isEmpty();
    }
  }

  String ask(String query) throws SQLException {
    return OperatorBench.ask(address, OperatorBench.PASSWORD, query);
  }

  /** Until the primary waits for the word of that server. */
  void awaitConfirming(int number) {
    bench.await(
        () ->
            assertThat(ask("show synchronous_standby_names"))
                .isEqualTo("ANY 1 (\"" + DB + "-" + number + "\")"));
  }

  /** Returns the version that the Cluster got by it. */
  long annotate(String name, String value) {
    return bench.patchCluster(DB, Map.of("metadata", Map.of("annotations", Map.of(name, value))));
  }

  /** The version that the Cluster object has now. */
  long version() {
    return Long.parseLong(bench.clusters().withName(DB).get().getMetadata().getResourceVersion());
  }

  /** Waits until it is said to be healthy by a version newer than one. */
  void awaitHealthySince(long version) {
    bench.await(
        () -> {
          var cluster = bench.clusters().withName(DB).get();
          assertThat(cluster.<Object>get("status", "phase")).isEqualTo("Cluster in healthy state");
          assertThat(cluster.<Object>get("status", "readyInstances")).isEqualTo(1);
          assertThat(Long.parseLong(cluster.getMetadata().getResourceVersion()))
              .isGreaterThan(version);
        });
  }
}

package mooring.local.pods;

import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A bench on the embedded Kubernetes API and one database's name and address. */
abstract class PodTestBase {
  static final String DB = "db-1a2b3c4d";
  private static EmbeddedServers servers;
  private static EmbeddedKubernetes api;

  @TempDir Path directory;
  final String address = freshAddress();
  PodBench bench;

  static String freshAddress() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "127.79." + random.nextInt(1, 255) + "." + random.nextInt(1, 255);
  }

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
    bench = new PodBench(api.kubeconfig(), directory);
  }

  @AfterEach
  void leaveNothing() throws Exception {
    bench.close();
    bench.awaitNoProcess();
  }
}

package mooring.local.operator;

import java.nio.file.Path;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Against the embedded Kubernetes API. */
class EmbeddedApiOperatorTest extends OperatorSuite {
  private static EmbeddedServers servers;
  private static EmbeddedKubernetes api;

  @BeforeAll
  static void startApi(@TempDir Path directory) {
    servers = new EmbeddedServers();
    api = servers.start(directory);
  }

  @AfterAll
  static void stopApi() {
    servers.close();
  }

  @Override
  Path kubeconfig() {
    return api.kubeconfig();
  }
}

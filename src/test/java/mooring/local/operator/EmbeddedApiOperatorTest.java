package mooring.local.operator;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Against the embedded Kubernetes API. */
class EmbeddedApiOperatorTest extends OperatorSuite {
  private static Vertx vertx;
  private static EmbeddedKubernetes api;

  @BeforeAll
  static void startApi(@TempDir Path directory) throws Exception {
    vertx = Vertx.vertx();
    api =
        EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory))
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stopApi() throws Exception {
    api.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  Path kubeconfig() {
    return api.kubeconfig();
  }
}

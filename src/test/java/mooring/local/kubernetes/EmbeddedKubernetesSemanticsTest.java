package mooring.local.kubernetes;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The suite against the embedded API server. */
class EmbeddedKubernetesSemanticsTest extends KubernetesSemantics {
  @TempDir static Path directory;
  private Vertx vertx;

  @Override
  KubernetesServer open() {
    vertx = Vertx.vertx();
    EmbeddedKubernetes api =
        EmbeddedKubernetes.start(
                vertx,
                EmbeddedKubernetesConfig.in(directory).withBookmarkInterval(Duration.ofMillis(200)))
            .await();
    return KubernetesServer.of(api.kubeconfig());
  }

  @Override
  @AfterAll
  void end() {
    try {
      super.end();
    } finally {
      vertx.close().await();
    }
  }
}

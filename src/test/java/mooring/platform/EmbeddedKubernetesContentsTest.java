package mooring.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** Roles and logical databases against the embedded API server. */
class EmbeddedKubernetesContentsTest extends KubernetesContentsContract {
  @TempDir static Path directory;
  private final Vertx vertx = Vertx.vertx();

  @Override
  Path kubeconfig() {
    return done(EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory)))
        .kubeconfig();
  }

  @Override
  @AfterAll
  void close() {
    try {
      super.close();
    } finally {
      // Ends the server as well.
      done(vertx.close());
    }
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

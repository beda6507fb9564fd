package mooring.platform;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The StatefulSets against the embedded API server; the test is their controller. */
class EmbeddedKubernetesServerSetsTest extends ServerSetsContract {
  @TempDir static Path directory;
  private final Vertx vertx = Vertx.vertx();

  @Override
  Path kubeconfig() {
    return done(EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory)))
        .kubeconfig();
  }

  @Override
  boolean controlled() {
    return false;
  }

  @Override
  String storageClass() {
    return null;
  }

  @Override
  void bind(PersistentVolumeClaim claim) {
    // Every claim can grow here.
  }

  @Override
  @AfterAll
  void close() {
    try {
      super.close();
    } finally {
      done(vertx.close());
    }
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

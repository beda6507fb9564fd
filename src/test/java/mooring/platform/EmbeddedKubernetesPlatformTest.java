package mooring.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The platform against the embedded API server. */
class EmbeddedKubernetesPlatformTest extends KubernetesPlatformContract {
  @TempDir static Path directory;
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedKubernetes api;

  @Override
  Path kubeconfig() {
    return done(EmbeddedKubernetes.start(
            vertx,
            EmbeddedKubernetesConfig.in(directory).withBookmarkInterval(Duration.ofMillis(500))))
        .kubeconfig();
  }

  @Override
  Duration heardWithin() {
    return Duration.ofSeconds(30);
  }

  @Override
  @AfterAll
  void close() {
    try {
      super.close();
    } finally {
      done(api == null ? vertx.close() : api.close().eventually(vertx::close));
    }
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

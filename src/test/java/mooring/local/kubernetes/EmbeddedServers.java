package mooring.local.kubernetes;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Starts embedded servers in this process for tests, and stops whatever they started. */
public final class EmbeddedServers implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();

  EmbeddedKubernetes start(Path directory, UnaryOperator<EmbeddedKubernetesConfig> settings) {
    EmbeddedKubernetesConfig config =
        EmbeddedKubernetesConfig.in(directory).withBookmarkInterval(Duration.ofMillis(100));
    return EmbeddedKubernetes.start(vertx, settings.apply(config)).await();
  }

  /** Starts one that keeps its objects in a directory. */
  public EmbeddedKubernetes start(Path directory) {
    return start(directory, c -> c);
  }

  static RawClient http(EmbeddedKubernetes server) {
    return new RawClient(KubernetesServer.of(server.kubeconfig()));
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}

package mooring.local.kubernetes;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs the embedded Kubernetes API as a process of its own. */
public final class EmbeddedKubernetesMain {
  private EmbeddedKubernetesMain() {}

  /**
   * Serves until the process is asked to stop.
   *
   * @param args the directory, and optionally the port
   */
  public static void main(String[] args) throws InterruptedException {
    if (args.length < 1 || args.length > 2) {
      System.err.println("usage: EmbeddedKubernetesMain DIRECTORY [PORT]");
      System.exit(2);
    }
    EmbeddedKubernetesConfig config =
        EmbeddedKubernetesConfig.in(Path.of(args[0]))
            .withPort(args.length == 2 ? Integer.parseInt(args[1]) : 0);
    Vertx vertx = Vertx.vertx();
    EmbeddedKubernetes.start(vertx, config)
        .onSuccess(
            server -> {
              System.out.println("KUBECONFIG=" + server.kubeconfig());
              Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
            })
        .onFailure(
            e -> {
              System.err.println(e.getMessage());
              System.exit(1);
            });
  }

  private static void stop(EmbeddedKubernetes server) {
    CountDownLatch closed = new CountDownLatch(1);
    server.close().onComplete(r -> closed.countDown());
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

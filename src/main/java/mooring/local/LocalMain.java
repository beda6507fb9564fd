package mooring.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mooring.local.kubernetes.EmbeddedKubernetesMain;
import mooring.local.operator.OperatorConfig;
import mooring.local.operator.OperatorMain;
import mooring.local.postgres.PostgresBinaries;

/** The embedded parts without the control plane: the API, the operator, or both. */
public final class LocalMain {
  private static final String USAGE =
      """
      usage: LocalMain api DIRECTORY [PORT]
             LocalMain operator KUBECONFIG NAMESPACE DIRECTORY
             LocalMain both DIRECTORY NAMESPACE""";

  private LocalMain() {}

  /**
   * Runs until the process is told to end.
   *
   * @param args which part, then its own arguments
   */
  public static void main(String[] args) throws InterruptedException {
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (args.length == 0 ? "" : args[0]) {
      case "api" -> EmbeddedKubernetesMain.main(rest);
      case "operator" -> OperatorMain.main(rest);
      case "both" -> both(rest);
      default -> {
        System.err.println(USAGE);
        System.exit(2);
      }
    }
  }

  private static void both(String[] args) throws InterruptedException {
    if (args.length != 2) {
      System.err.println(USAGE);
      System.exit(2);
    }
    Path directory = Path.of(args[0]).toAbsolutePath();
    CompletableFuture<EmbeddedCluster> started = new CompletableFuture<>();
    // Before the start: what begins to run meanwhile has to be stopped too.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started), "shutdown"));
    EmbeddedCluster cluster;
    try {
      cluster =
          EmbeddedCluster.start(
              directory,
              args[1],
              OperatorConfig.DEFAULT_CATALOG,
              new PostgresBinaries(directory.resolve("binaries")));
      started.complete(cluster);
    } catch (RuntimeException e) {
      started.completeExceptionally(e);
      throw e;
    }
    System.out.println("KUBECONFIG=" + cluster.kubeconfig());
    new CountDownLatch(1).await();
  }

  private static void stop(CompletableFuture<EmbeddedCluster> started) {
    EmbeddedCluster cluster =
        started.handle((part, error) -> part).completeOnTimeout(null, 8, TimeUnit.SECONDS).join();
    if (cluster != null) {
      cluster.close();
    }
  }
}

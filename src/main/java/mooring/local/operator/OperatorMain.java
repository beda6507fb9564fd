package mooring.local.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import mooring.local.control.ControllerClient;
import mooring.local.postgres.PostgresBinaries;

/** The operator alone, against the API server of any kubeconfig. */
public final class OperatorMain {
  private OperatorMain() {}

  /**
   * Runs until the process is told to end.
   *
   * @param args kubeconfig, namespace, data directory
   */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 3) {
      System.err.println("usage: OperatorMain KUBECONFIG NAMESPACE DIRECTORY");
      System.exit(2);
    }
    Path directory = Path.of(args[2]);
    OperatorConfig config =
        new OperatorConfig(
            directory,
            args[1],
            new PostgresBinaries(directory.resolve("binaries")),
            OperatorConfig.DEFAULT_CATALOG);
    KubernetesClient client = ControllerClient.of(Path.of(args[0]));
    EmbeddedOperator operator = new EmbeddedOperator(client, config);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  operator.close();
                  client.close();
                }));
    operator.start().toCompletableFuture().join();
    System.out.println("The operator runs in namespace " + args[1]);
    new CountDownLatch(1).await();
  }
}

package mooring.local.pods;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import mooring.local.control.ControllerClient;

/** The operator in a process of its own. */
final class PodOperatorMain {
  private PodOperatorMain() {}

  public static void main(String[] args) throws InterruptedException {
    KubernetesClient client = ControllerClient.of(Path.of(args[0]));
    PodOperator operator = new PodOperator(client, new PodsConfig(Path.of(args[2]), args[1]));
    operator.start().toCompletableFuture().join();
    operator.begin();
    new CountDownLatch(1).await();
  }
}

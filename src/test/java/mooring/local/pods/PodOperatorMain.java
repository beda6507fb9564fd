package mooring.local.pods;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The operator in a process of its own. */
final class PodOperatorMain {
  private PodOperatorMain() {}

  public static void main(String[] args) throws InterruptedException {
    Config access =
        new ConfigBuilder(Config.fromKubeconfig(new File(args[0])))
            .withOnlyHttpWatches(true)
            .build();
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(access)
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    PodOperator operator = new PodOperator(client, new PodsConfig(Path.of(args[2]), args[1]));
    operator.start().toCompletableFuture().join();
    operator.begin();
    new CountDownLatch(1).await();
  }
}

package mooring.local.control;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.file.Path;

/** The client that controllers watch with: the embedded API server speaks no web sockets. */
public final class ControllerClient {
  private ControllerClient() {}

  /** A client of the API server that a kubeconfig names; the caller closes it. */
  public static KubernetesClient of(Path kubeconfig) {
    Config access =
        new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
            .withOnlyHttpWatches(true)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(access)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }
}

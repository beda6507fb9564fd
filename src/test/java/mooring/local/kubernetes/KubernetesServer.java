package mooring.local.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.File;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;

/** An API server that tests are pointed at, known by its kubeconfig. */
record KubernetesServer(Path kubeconfig, Config config) {

  static KubernetesServer of(Path kubeconfig) {
    Config read = Config.fromKubeconfig(new File(kubeconfig.toString()));
    return new KubernetesServer(
        kubeconfig,
        new ConfigBuilder(read)
            .withOnlyHttpWatches(true)
            .withRequestRetryBackoffLimit(1)
            .withWatchReconnectInterval(100)
            .build());
  }

  /** The server's address, without a slash at the end. */
  String url() {
    return config.getMasterUrl().replaceAll("/$", "");
  }

  SSLContext ssl() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, SSLUtils.trustManagers(config), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A client as the product uses it. */
  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }
}

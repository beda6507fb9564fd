package mooring.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The connection to a Kubernetes API server. A process makes one and keeps it: on JDK 17 a closed
 * client's selector thread lives until it is collected.
 */
public final class KubernetesConnection implements AutoCloseable {
  /** Selects the objects of all databases, by their labels. */
  public static final String DATABASES = Labels.SELECTOR;

  private static final int EVENT_THREADS = 4;

  private final WatchPulse pulse = new WatchPulse();
  private final BlockingCalls calls = new BlockingCalls();
  private final ExecutorService events =
      Executors.newFixedThreadPool(EVENT_THREADS, new NamedThreads("kubernetes-event"));
  private final KubernetesClient client;

  private KubernetesConnection(Config config) {
    this.client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withKubernetesSerialization(kinds())
            .withHttpClientFactory(new JdkHttpClientFactory())
            .withHttpClientBuilderConsumer(
                builder -> builder.addOrReplaceInterceptor("watch-pulse", pulse))
            .withTaskExecutor(events)
            .build();
  }

  /** The kinds that are read here; without a kubeconfig, no search for all there are is needed. */
  private static KubernetesSerialization kinds() {
    KubernetesSerialization kinds = new KubernetesSerialization(new ObjectMapper(), false);
    kinds.registerKubernetesResource(Status.class);
    kinds.registerKubernetesResource(Service.class);
    kinds.registerKubernetesResource(Secret.class);
    kinds.registerKubernetesResource(ConfigMap.class);
    kinds.registerKubernetesResource(PersistentVolumeClaim.class);
    kinds.registerKubernetesResource(Pod.class);
    kinds.registerKubernetesResource(StatefulSet.class);
    kinds.registerKubernetesResource(NetworkPolicy.class);
    return kinds;
  }

  /**
   * Connects as the current context of a kubeconfig says.
   *
   * @throws IllegalArgumentException when there is no such file
   */
  public static KubernetesConnection kubeconfig(Path path) {
    return new KubernetesConnection(KubernetesConfigs.kubeconfig(path));
  }

  /**
   * Connects by the first existing file of {@code KUBECONFIG}, or {@code ~/.kube/config} when that
   * is not set.
   *
   * @throws IllegalArgumentException when there is no such file
   */
  public static KubernetesConnection kubeconfig(Map<String, String> environment) {
    return kubeconfig(KubernetesConfigs.usualKubeconfig(environment));
  }

  /**
   * Connects as the service account of the pod that this process runs in.
   *
   * @throws IllegalArgumentException outside a pod
   */
  public static KubernetesConnection inCluster(Map<String, String> environment) {
    return new KubernetesConnection(
        KubernetesConfigs.inCluster(environment, KubernetesConfigs.SERVICE_ACCOUNT));
  }

  /** Where the API server is, how it is known, and who asks it. */
  public Config config() {
    return client.getConfiguration();
  }

  KubernetesClient client() {
    return client;
  }

  BlockingCalls calls() {
    return calls;
  }

  WatchPulse pulse() {
    return pulse;
  }

  /** Waits at most 5 s for calls that run. */
  @Override
  public void close() {
    calls.close();
    client.close();
    events.shutdownNow();
  }
}

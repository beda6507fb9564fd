package mooring.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where the API server is and who asks it: from a kubeconfig, or as a pod of the cluster. */
final class KubernetesConfigs {
  static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final int CONNECT_MILLIS = 2_000;
  private static final int REQUEST_MILLIS = 5_000;
  private static final int RETRIES = 1;
  private static final int RETRY_MILLIS = 100;
  // Doubled with each failed try in a row, up to 32 times.
  private static final int WATCH_RETRY_MILLIS = 250;

  // Where fabric8 keeps the file that relative paths belong to, and that is read again when the
  // server no longer takes its token.
  private static final String CONTEXT_FILE = "KUBERNETES_CONFIG_CONTEXT_FILE_KEY";
  private static final String CLUSTER_FILE = "KUBERNETES_CONFIG_CLUSTER_FILE_KEY";
  private static final String USER_FILE = "KUBERNETES_CONFIG_AUTH_INFO_FILE_KEY";

  private KubernetesConfigs() {}

  /**
   * Reads a kubeconfig.
   *
   * @throws IllegalArgumentException when there is none, or it is no kubeconfig
   */
  static Config kubeconfig(Path path) {
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException("no readable kubeconfig at " + path);
    }
    Config config = Config.empty();
    KubeConfigUtils.merge(config, null, read(path));
    return limited(config);
  }

  /**
   * What {@link KubeConfigUtils#parseConfig} reads, without a search of the class path for every
   * kind there is, which is a good part of a start.
   */
  private static io.fabric8.kubernetes.api.model.Config read(Path path) {
    try (InputStream document = Files.newInputStream(path)) {
      io.fabric8.kubernetes.api.model.Config read =
          new KubernetesSerialization(new ObjectMapper(), false)
              .unmarshal(document, io.fabric8.kubernetes.api.model.Config.class);
      if (read == null) {
        throw new IllegalArgumentException(path + " is an empty kubeconfig");
      }
      File file = path.toFile();
      read.getContexts().forEach(each -> each.setAdditionalProperty(CONTEXT_FILE, file));
      read.getClusters().forEach(each -> each.setAdditionalProperty(CLUSTER_FILE, file));
      read.getUsers().forEach(each -> each.setAdditionalProperty(USER_FILE, file));
      return read;
    } catch (IOException | KubernetesClientException e) {
      throw new IllegalArgumentException(path + " is not a kubeconfig", e);
    }
  }

  /** The kubeconfig that kubectl would take first: of {@code KUBECONFIG}, else in the home. */
  static Path usualKubeconfig(Map<String, String> environment) {
    List<Path> listed =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(environment.getOrDefault("KUBECONFIG", ""))
            .filter(entry -> !entry.isBlank())
            .map(Path::of)
            .toList();
    if (listed.isEmpty()) {
      return Path.of(System.getProperty("user.home"), ".kube", "config");
    }
    return listed.stream().filter(Files::isReadable).findFirst().orElse(listed.get(0));
  }

  /**
   * What a pod is given.
   *
   * @param serviceAccount the folder with the pod's token and the cluster's CA certificate
   * @throws IllegalArgumentException outside a pod
   */
  static Config inCluster(Map<String, String> environment, Path serviceAccount) {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    Path token = serviceAccount.resolve("token");
    if (host == null || !Files.isReadable(token)) {
      throw new IllegalArgumentException("not in a pod with a service account: no " + token);
    }
    Config config = Config.empty();
    config.setMasterUrl(
        "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
    config.setCaCertFile(serviceAccount.resolve("ca.crt").toString());
    // Read for each request: the kubelet replaces the token before it expires.
    config.setOauthTokenProvider(() -> token(token));
    return limited(config);
  }

  /** A server that is away has to show at once; the caller knows better when to try again. */
  private static Config limited(Config config) {
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setRequestTimeout(REQUEST_MILLIS);
    config.setRequestRetryBackoffLimit(RETRIES);
    config.setRequestRetryBackoffInterval(RETRY_MILLIS);
    config.setWatchReconnectInterval(WATCH_RETRY_MILLIS);
    config.setWatchReconnectLimit(-1);
    config.setOnlyHttpWatches(true);
    return config;
  }

  private static String token(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

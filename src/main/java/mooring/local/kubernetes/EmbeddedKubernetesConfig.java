package mooring.local.kubernetes;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how the embedded Kubernetes API runs.
 *
 * @param directory holds its state, its token and its port; made when absent, used by one process
 * @param kubeconfig the file for {@code kubectl} and other clients, written at every start
 * @param host a loopback address
 * @param port 0 for the port of the last start, or any free one
 * @param bookmarkInterval how often a watch is told how far it has come
 * @param watchQueueLimit changes that a watch may lag behind before it is ended
 * @param eventLogLimit changes that a watch may reach back
 * @param logs where the logs of Pods lie, by namespace and name; null for nowhere
 */
public record EmbeddedKubernetesConfig(
    Path directory,
    Path kubeconfig,
    String host,
    int port,
    Duration bookmarkInterval,
    int watchQueueLimit,
    int eventLogLimit,
    Path logs) {

  private static final int DEFAULT_WATCH_QUEUE_LIMIT = 10_000;
  private static final int DEFAULT_EVENT_LOG_LIMIT = 20_000;

  /** The usual settings: loopback, a port of its own, {@code kubeconfig} in the directory. */
  public static EmbeddedKubernetesConfig in(Path directory) {
    return new EmbeddedKubernetesConfig(
        directory,
        directory.resolve("kubeconfig"),
        "127.0.0.1",
        0,
        Duration.ofSeconds(10),
        DEFAULT_WATCH_QUEUE_LIMIT,
        DEFAULT_EVENT_LOG_LIMIT,
        null);
  }

  /** The same with the kubeconfig file elsewhere. */
  public EmbeddedKubernetesConfig withKubeconfig(Path file) {
    return new EmbeddedKubernetesConfig(
        directory, file, host, port, bookmarkInterval, watchQueueLimit, eventLogLimit, logs);
  }

  /** The same on a given port, 0 for any. */
  public EmbeddedKubernetesConfig withPort(int given) {
    return new EmbeddedKubernetesConfig(
        directory, kubeconfig, host, given, bookmarkInterval, watchQueueLimit, eventLogLimit, logs);
  }

  /** The same with another pace of bookmarks. */
  public EmbeddedKubernetesConfig withBookmarkInterval(Duration interval) {
    return new EmbeddedKubernetesConfig(
        directory, kubeconfig, host, port, interval, watchQueueLimit, eventLogLimit, logs);
  }

  /** The same with other limits, both in changes. */
  public EmbeddedKubernetesConfig withLimits(int watchQueue, int eventLog) {
    return new EmbeddedKubernetesConfig(
        directory, kubeconfig, host, port, bookmarkInterval, watchQueue, eventLog, logs);
  }

  /** The same with the logs of Pods. */
  public EmbeddedKubernetesConfig withLogs(Path folder) {
    return new EmbeddedKubernetesConfig(
        directory,
        kubeconfig,
        host,
        port,
        bookmarkInterval,
        watchQueueLimit,
        eventLogLimit,
        folder);
  }
}

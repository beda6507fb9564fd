package mooring;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import mooring.core.AddressScheme;
import mooring.local.postgres.PostgresBinaries;
import mooring.platform.KubernetesConnection;
import mooring.store.SecretBox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server stands on: a database for its records and a Kubernetes API for its databases,
 * given or embedded.
 *
 * @param directory of the embedded parts; null when there is none
 * @param cluster the embedded Kubernetes API; null when a cluster is given
 */
record Foundations(
    DataDirectory directory,
    Records records,
    EmbeddedCluster cluster,
    KubernetesConnection kubernetes,
    SecretBox secrets,
    AddressScheme addresses)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Foundations.class);

  /** Connects to what is given and starts the rest, blocking until all of it can be used. */
  static Foundations lay(Settings settings, Map<String, String> environment) {
    DataDirectory directory =
        settings.embedded() ? DataDirectory.open(settings.dataDirectory()) : null;
    PostgresBinaries binaries =
        settings.embedded() ? new PostgresBinaries(settings.binariesDirectory()) : null;
    // Both take a while and neither needs the other.
    CompletableFuture<Records> records =
        CompletableFuture.supplyAsync(() -> records(settings, directory, binaries));
    CompletableFuture<EmbeddedCluster> cluster =
        CompletableFuture.supplyAsync(() -> cluster(settings, directory, binaries));
    try {
      EmbeddedCluster embedded = cluster.join();
      return new Foundations(
          directory,
          records.join(),
          embedded,
          connect(settings, environment, embedded),
          settings.keyset().map(Records::secrets).orElseGet(() -> Records.secrets(directory)),
          embedded == null
              ? Addressing.onCluster(settings)
              : Addressing.embedded(settings, directory));
    } catch (RuntimeException e) {
      closeQuietly(outcome(cluster));
      closeQuietly(outcome(records));
      closeQuietly(directory);
      throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause
          ? cause
          : e;
    }
  }

  private static Records records(
      Settings settings, DataDirectory directory, PostgresBinaries binaries) {
    return settings
        .databaseUrl()
        .map(Records::external)
        .orElseGet(() -> Records.embedded(directory.resolve("records"), binaries));
  }

  private static EmbeddedCluster cluster(
      Settings settings, DataDirectory directory, PostgresBinaries binaries) {
    return settings.kubernetes() == Settings.Kubernetes.EMBEDDED
        ? EmbeddedCluster.start(directory, settings, binaries)
        : null;
  }

  private static KubernetesConnection connect(
      Settings settings, Map<String, String> environment, EmbeddedCluster cluster) {
    try {
      return switch (settings.kubernetes()) {
        case EMBEDDED -> KubernetesConnection.kubeconfig(cluster.kubeconfig());
        case KUBECONFIG -> KubernetesConnection.kubeconfig(environment);
        case IN_CLUSTER -> KubernetesConnection.inCluster(environment);
      };
    } catch (IllegalArgumentException e) {
      throw new SettingsException("MOORING_KUBERNETES cannot be used: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    kubernetes.close();
    // The servers of the databases take longest to stop; the records' own stops meanwhile.
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> closeQuietly(cluster));
    closeQuietly(records);
    stopped.join();
    closeQuietly(directory);
  }

  /** What a part's start came to, once it has; null when it failed. */
  private static <T> T outcome(CompletableFuture<T> start) {
    return start.handle((part, error) -> part).join();
  }

  private static void closeQuietly(AutoCloseable part) {
    if (part == null) {
      return;
    }
    try {
      part.close();
    } catch (Exception e) {
      log.warn("a part did not stop cleanly", e);
    }
  }
}

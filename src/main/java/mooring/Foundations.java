package mooring;

import java.util.Map;
import mooring.core.AddressScheme;
import mooring.local.EmbeddedCluster;
import mooring.local.postgres.PostgresBinaries;
import mooring.platform.KubernetesConnection;
import mooring.store.SecretBox;

/**
 * What the server stands on: a database for its records and a Kubernetes API for its databases,
 * given or embedded.
 *
 * @param directory of the embedded parts; null when there is none
 */
record Foundations(
    DataDirectory directory,
    Records records,
    KubernetesConnection kubernetes,
    SecretBox secrets,
    AddressScheme addresses) {

  /**
   * Connects to what is given and starts the rest, blocking until all of it can be used.
   *
   * @param parts where what is started belongs, also when this fails
   */
  static Foundations lay(Settings settings, Map<String, String> environment, Parts parts) {
    DataDirectory directory =
        settings.embedded()
            ? parts.directory.start(() -> DataDirectory.open(settings.dataDirectory()))
            : null;
    Ports.check(settings);
    // Before the records, whose presence tells that a keyset must not be missing.
    SecretBox secrets =
        settings.keyset().map(Records::secrets).orElseGet(() -> Records.secrets(directory));
    PostgresBinaries binaries =
        settings.embedded() ? new PostgresBinaries(settings.binariesDirectory()) : null;
    // Each takes a while, and the records need none of the others.
    parts.records.begin(() -> records(settings, directory, binaries));
    boolean embedded = settings.kubernetes() == Settings.Kubernetes.EMBEDDED;
    EmbeddedCluster cluster =
        embedded ? parts.cluster.start(() -> cluster(settings, directory, binaries)) : null;
    parts.kubernetes.begin(() -> connect(settings, environment, cluster));
    return new Foundations(
        directory,
        parts.records.await(),
        parts.kubernetes.await(),
        secrets,
        embedded ? Addressing.embedded(settings, directory) : Addressing.onCluster(settings));
  }

  private static Records records(
      Settings settings, DataDirectory directory, PostgresBinaries binaries) {
    return settings
        .databaseUrl()
        .map(Records::external)
        .orElseGet(() -> Records.embedded(directory, binaries));
  }

  private static EmbeddedCluster cluster(
      Settings settings, DataDirectory directory, PostgresBinaries binaries) {
    return EmbeddedCluster.start(
        directory.path(), settings.namespace(), settings.imageCatalog(), binaries);
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
}

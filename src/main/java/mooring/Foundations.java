package mooring;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import mooring.api.Contracts;
import mooring.api.cloudheed.CloudheedApi;
import mooring.api.exoscale.ExoscaleApi;
import mooring.api.ionos.IonosApi;
import mooring.api.uncloud.UncloudApi;
import mooring.core.AddressScheme;
import mooring.local.EmbeddedCluster;
import mooring.local.postgres.MajorUpgrade;
import mooring.local.postgres.PostgresBinaries;
import mooring.platform.KubernetesConnection;
import mooring.platform.KubernetesPlatform;
import mooring.store.PgStore;
import mooring.store.SecretBox;

/**
 * What the server stands on: a database for its records and a Kubernetes API for its databases,
 * given or embedded.
 *
 * @param directory of the embedded parts; null when there is none
 * @param vertx the event loops, which the server closes
 * @param contracts of the published APIs, which may still be loading
 * @param store of the records
 * @param writable whether the embedded Kubernetes API can write to its disk; any other says itself
 */
record Foundations(
    DataDirectory directory,
    Vertx vertx,
    Contracts contracts,
    PgStore store,
    KubernetesConnection kubernetes,
    BooleanSupplier writable) {
  private static final List<String> APIS =
      List.of(CloudheedApi.NAME, UncloudApi.NAME, IonosApi.NAME, ExoscaleApi.NAME);

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
    // Each of these takes a while, and most need none of the others.
    boolean embedded = settings.kubernetes() == Settings.Kubernetes.EMBEDDED;
    if (!embedded) {
      parts.kubernetes.begin(() -> connect(settings, environment, null));
    }
    CompletableFuture<SecretBox> secrets =
        CompletableFuture.supplyAsync(() -> secrets(settings, directory));
    PostgresBinaries binaries =
        settings.embedded() ? new PostgresBinaries(settings.binariesDirectory()) : null;
    AddressScheme addresses =
        embedded ? Addressing.embedded(settings, directory) : Addressing.onCluster(settings);
    Vertx vertx = Vertx.vertx();
    Contracts contracts = new Contracts(vertx).load(APIS);
    parts.records.begin(
        () ->
            // The keyset first: the presence of records tells that it must not be missing.
            records(
                settings,
                directory,
                binaries,
                new Records.Opening(vertx, secrets.join(), addresses)));
    BooleanSupplier writable = () -> true;
    if (embedded) {
      EmbeddedCluster cluster = parts.cluster.start(() -> cluster(settings, directory, binaries));
      parts.kubernetes.begin(() -> connect(settings, environment, cluster));
      writable = cluster::writable;
    }
    KubernetesConnection kubernetes = parts.kubernetes.await();
    return new Foundations(
        directory, vertx, contracts, parts.records.await().store(), kubernetes, writable);
  }

  /** What upgrades lack: the embedded servers' need programs that are not brought along. */
  static KubernetesPlatform.UpgradeLimits upgradeLimits(Settings settings) {
    return settings.kubernetes() == Settings.Kubernetes.EMBEDDED
        ? MajorUpgrade::missing
        : KubernetesPlatform.UpgradeLimits.NONE;
  }

  private static SecretBox secrets(Settings settings, DataDirectory directory) {
    return settings.keyset().map(Records::secrets).orElseGet(() -> Records.secrets(directory));
  }

  private static Records records(
      Settings settings,
      DataDirectory directory,
      PostgresBinaries binaries,
      Records.Opening opening) {
    return settings
        .databaseUrl()
        .map(url -> Records.external(url, opening))
        .orElseGet(() -> Records.embedded(directory, binaries, opening));
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

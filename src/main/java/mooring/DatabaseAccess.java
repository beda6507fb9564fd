package mooring;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import mooring.core.ReplicaServer;
import mooring.core.ServerInventory;
import mooring.core.SourceLog;
import mooring.platform.KubernetesConnection;
import mooring.platform.KubernetesPlatform;
import mooring.platform.ServerAuthorities;
import mooring.platform.discovery.ServerDiscovery;
import mooring.platform.postgres.PostgresInventory;
import mooring.platform.postgres.ReplicaStanding;
import mooring.platform.postgres.ServerConnections;
import mooring.platform.postgres.ServerLog;

/** How the control plane itself gets at the databases: they are found, known and asked here. */
final class DatabaseAccess implements AutoCloseable {
  private final SourceLog sourceLog;
  private final ServerDiscovery discovery;

  private final ServerInventory inventory;
  private final ReplicaServer replicaServer;

  private DatabaseAccess(
      SourceLog sourceLog,
      ServerInventory inventory,
      ReplicaServer replicaServer,
      ServerDiscovery discovery) {
    this.sourceLog = sourceLog;
    this.inventory = inventory;
    this.replicaServer = replicaServer;
    this.discovery = discovery;
  }

  /** As the installation needs it; nothing of it is begun before the first question. */
  static DatabaseAccess of(
      Settings settings, Foundations foundations, KubernetesPlatform platform) {
    Vertx vertx = foundations.vertx();
    KubernetesConnection kubernetes = foundations.kubernetes();
    // What it finds are cluster IPs, which lead nowhere from outside.
    ServerDiscovery discovery =
        settings.kubernetes() == Settings.Kubernetes.IN_CLUSTER
            ? new ServerDiscovery(
                vertx,
                kubernetes,
                settings.discoveryTokenFile().orElse(null),
                settings.namespace(),
                platform::services)
            : null;
    ServerAuthorities authorities = new ServerAuthorities(kubernetes, settings.namespace());
    ServerConnections servers =
        new ServerConnections(
            io.vertx.rxjava3.core.Vertx.newInstance(vertx),
            authorities::of,
            source ->
                discovery == null ? Single.just(source.address()) : discovery.address(source));
    boolean embedded = settings.kubernetes() == Settings.Kubernetes.EMBEDDED;
    return new DatabaseAccess(
        embedded ? SourceLog.COMPLETE : new ServerLog(servers),
        new PostgresInventory(servers),
        new ReplicaStanding(servers),
        discovery);
  }

  /** What those say that others are recovered from. */
  SourceLog sourceLog() {
    return sourceLog;
  }

  /** What they say of themselves. */
  ServerInventory inventory() {
    return inventory;
  }

  /** What those say that follow others. */
  ReplicaServer replicaServer() {
    return replicaServer;
  }

  @Override
  public void close() {
    if (discovery != null) {
      discovery.close();
    }
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import mooring.core.Administered;
import mooring.core.Applied;
import mooring.core.Credentials;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.MigrationPart;
import mooring.core.MigrationProgress;
import mooring.core.ObservationListener;
import mooring.core.OperationKind;
import mooring.core.Platform;
import mooring.core.PlatformRefusedException;
import mooring.core.Updates;
import mooring.platform.OwnedObjects.Written;

/** Databases on Kubernetes: PostgreSQL by CloudNativePG, the other engines as StatefulSets. */
public final class KubernetesPlatform implements Platform, AutoCloseable {
  private final KubernetesConnection connection;
  private final PlatformSettings settings;
  private final OwnedObjects<Secret> secrets;
  private final OwnedObjects<Service> services;
  private final OwnedObjects<GenericKubernetesResource> clusters;
  private final KubernetesBackups backups;
  private final Poolers poolers;
  private final ClientAccess access;
  private final Succession succession;
  private final MajorUpgrade upgrade;
  private final ServerSets sets;
  private final PodLogs logs;
  private final Images images;
  private final KubernetesContents contents;
  private final MigrationPods migrations;
  private final UpgradeLimits limits;
  private volatile PlatformWatch watch;

  /** What is known of upgrades to another major version beside what Kubernetes shows. */
  @FunctionalInterface
  public interface UpgradeLimits {
    /** Whatever there is an image of is possible. */
    UpgradeLimits NONE = (from, to) -> Optional.empty();

    /** What one between two majors needs and is not there; may block. */
    Optional<String> missing(int from, int to);
  }

  /** A platform where whatever there is an image of is possible. */
  public KubernetesPlatform(KubernetesConnection connection, PlatformSettings settings) {
    this(connection, settings, UpgradeLimits.NONE);
  }

  /**
   * A platform on a connection, which stays the caller's to close.
   *
   * @param connection to the API server
   * @param settings what the installation decides
   * @param limits of upgrades
   */
  public KubernetesPlatform(
      KubernetesConnection connection, PlatformSettings settings, UpgradeLimits limits) {
    this.limits = limits;
    KubernetesClient client = connection.client();
    String namespace = settings.namespace();
    this.connection = connection;
    this.settings = settings;
    String core = "/api/v1/namespaces/" + namespace;
    this.secrets =
        new OwnedObjects<>(
            new ObjectCalls<>(
                client, "Secret", core + "/secrets", client.secrets().inNamespace(namespace)));
    this.services =
        new OwnedObjects<>(
            new ObjectCalls<>(
                client, "Service", core + "/services", client.services().inNamespace(namespace)));
    this.clusters = OwnedObjects.custom(client, PostgresCluster.RESOURCE, namespace);
    this.backups = new KubernetesBackups(connection, settings);
    this.logs = new PodLogs(client, namespace);
    this.images = new Images(connection, settings);
    this.poolers = new Poolers(client, settings, services);
    this.upgrade = new MajorUpgrade(client, settings, clusters, backups);
    this.access = new ClientAccess(client, settings);
    this.contents = new KubernetesContents(client, settings, secrets);
    this.migrations = new MigrationPods(client, settings, access, secrets, clusters);
    this.succession = new Succession(settings, services, clusters, backups, poolers, contents);
    this.sets = new ServerSets(client, settings, secrets, services);
  }

  /**
   * Begins to tell a listener what the platform shows. To be called once.
   *
   * @return completes after the first complete view; until then it keeps trying
   */
  public Completable start(ObservationListener listener) {
    return Completable.defer(
        () -> {
          watch = new PlatformWatch(connection.client(), settings.namespace(), listener);
          images.start();
          return Completable.mergeArray(watch.start(), backups.start());
        });
  }

  /** The backups of its databases. */
  public KubernetesBackups backups() {
    return backups;
  }

  /** What the servers of its databases have said. */
  public PodLogs logs() {
    return logs;
  }

  /** Newer minor versions of what its databases run. */
  public Updates updates() {
    return images;
  }

  /** Where the Services of its databases are reached within the cluster, as they are watched. */
  public Set<ServiceAddress> services() {
    PlatformWatch current = watch;
    return current == null ? Set.of() : current.services();
  }

  /** The majors of PostgreSQL that there is an image of; empty while that is not known. */
  public Set<String> majors() {
    return images.majors();
  }

  /** Whether the first complete view was shown. */
  public boolean synced() {
    PlatformWatch current = watch;
    return current != null && current.synced();
  }

  /** Whether changes are heard as they happen right now. */
  public boolean watching() {
    WatchPulse pulse = connection.pulse();
    return Stream.of("clusters", "services", "statefulsets", "pods", "poolers")
        .allMatch(pulse::watching);
  }

  /** When the platform last proved that the view is current, by {@link System#nanoTime()}. */
  public long lastHeardNanos() {
    return connection.pulse().lastHeardNanos();
  }

  @Override
  public Single<Applied> apply(Instance instance, Credentials credentials, Fence fence) {
    Attempt attempt = new Attempt(instance.id(), fence);
    Optional<EngineServer> server = EngineServer.of(instance.spec().engine());
    return connection
        .calls()
        .call(
            () ->
                server.isPresent()
                    ? sets.apply(instance, server.get(), credentials, attempt)
                    : applyAll(instance, credentials, attempt));
  }

  @Override
  public Completable admit(Instance source, Fence fence) {
    Attempt attempt = new Attempt(source.id(), fence);
    return connection.calls().call(() -> access.admit(source, attempt)).ignoreElement();
  }

  @Override
  public Completable unblock(Instance instance, Fence fence) {
    if (EngineServer.of(instance.spec().engine()).isEmpty()) {
      return Completable.complete();
    }
    Attempt attempt = new Attempt(instance.id(), fence);
    return connection.calls().call(() -> sets.unblock(instance, attempt)).ignoreElement();
  }

  @Override
  public Single<Administered> administer(
      Instance instance, Map<UUID, String> passwords, Fence fence) {
    Attempt attempt = new Attempt(instance.id(), fence);
    return connection.calls().call(() -> contents.administer(instance, passwords, attempt));
  }

  @Override
  public Single<Boolean> takeBack(Instance instance, Map<UUID, String> passwords, Fence fence) {
    Attempt attempt = new Attempt(instance.id(), fence);
    return connection.calls().call(() -> contents.takeBack(instance, passwords, attempt));
  }

  @Override
  public Single<MigrationProgress> migrate(Instance instance, MigrationPart part, Fence fence) {
    Attempt attempt = new Attempt(instance.id(), fence);
    return connection.calls().call(() -> migrations.look(instance, part, attempt));
  }

  @Override
  public Single<Boolean> endMigration(Instance instance, Fence fence) {
    Attempt attempt = new Attempt(instance.id(), fence);
    return connection.calls().call(() -> migrations.remove(instance, attempt));
  }

  @Override
  public Single<Boolean> delete(Instance instance, Fence fence) {
    Attempt attempt = new Attempt(instance.id(), fence);
    boolean set = EngineServer.of(instance.spec().engine()).isPresent();
    return connection
        .calls()
        .call(() -> set ? sets.remove(instance, attempt) : removeAll(instance, attempt));
  }

  @Override
  public Single<Boolean> quiesce(Instance instance, Fence fence) {
    Attempt attempt = new Attempt(instance.id(), fence);
    return connection
        .calls()
        .call(
            () ->
                instance.operation().kind() == OperationKind.UPGRADE
                    ? upgrade.quiesce(instance, attempt)
                    : succession.quiesce(instance, attempt));
  }

  @Override
  public Single<Boolean> handOver(Instance restored, Fence fence) {
    Attempt attempt = new Attempt(restored.id(), fence);
    return connection.calls().call(() -> succession.handOver(restored, attempt));
  }

  @Override
  public Single<Return> giveBack(Instance restored, Fence fence) {
    Attempt attempt = new Attempt(restored.id(), fence);
    return connection.calls().call(() -> succession.giveBack(restored, attempt));
  }

  @Override
  public Maybe<String> upgradeFault(Instance upgraded) {
    return connection.calls().call(() -> upgrade.fault(upgraded)).mapOptional(fault -> fault);
  }

  @Override
  public Maybe<String> upgradeObstacle(Instance instance, String version) {
    int from = Integer.parseInt(instance.spec().version());
    int to = Integer.parseInt(version);
    return connection.calls().call(() -> limits.missing(from, to)).mapOptional(missing -> missing);
  }

  @Override
  public Single<Boolean> settle(Instance upgraded, Fence fence) {
    Attempt attempt = new Attempt(upgraded.id(), fence);
    return connection
        .calls()
        .call(
            () ->
                upgraded.operation().kind() == OperationKind.PROMOTE
                    ? begun(upgraded, attempt)
                    : upgrade.settle(upgraded, attempt));
  }

  @Override
  public Single<Return> downgrade(Instance upgraded, Fence fence) {
    Attempt attempt = new Attempt(upgraded.id(), fence);
    return connection.calls().call(() -> upgrade.undo(upgraded, attempt));
  }

  private boolean begun(Instance promoted, Attempt attempt) {
    backups.schedule(promoted, attempt);
    return true;
  }

  /** The Cluster after what it needs, so that all is there when its operator first looks. */
  private Applied applyAll(Instance instance, Credentials credentials, Attempt attempt) {
    boolean create = makes(instance);
    if (!create) {
      GenericKubernetesResource unused = present(clusters.find(name(instance), instance.id()));
    }
    Secret secret =
        secrets
            .apply(
                LoginSecret.name(instance),
                there -> LoginSecret.of(instance, credentials, settings),
                attempt)
            .after();
    access.apply(instance, attempt);
    Instance served = succession.served(instance);
    Service unused =
        services
            .apply(
                ClientService.name(instance), there -> ClientService.of(served, settings), attempt)
            .after();
    if (!create) {
      // Nothing may fail after a change of the Cluster, whose version would be lost with it.
      if (instance.operation().kind() == OperationKind.UPGRADE) {
        upgrade.begin(instance, attempt);
      } else if (instance.operation().kind() != OperationKind.PROMOTE) {
        backups.schedule(instance, attempt);
      }
      poolers.apply(instance, attempt);
    }
    Written<GenericKubernetesResource> cluster =
        clusters.apply(name(instance), there -> cluster(instance, there), attempt);
    if (instance.operation().kind() == OperationKind.CREATE) {
      backups.schedule(instance, attempt);
      poolers.apply(instance, attempt);
    }
    boolean changed = create || !PostgresCluster.askTheSame(cluster.before(), cluster.after());
    return new Applied(Versions.of(cluster.after()), changed, Versions.of(secret));
  }

  private static boolean makes(Instance instance) {
    OperationKind kind = instance.operation().kind();
    return kind == OperationKind.CREATE || kind == OperationKind.RESTORE;
  }

  /** Only a create makes one, and a restore another one. */
  private GenericKubernetesResource cluster(Instance instance, GenericKubernetesResource there) {
    return makes(instance)
        ? PostgresCluster.of(instance, settings, there, offered(instance))
        : PostgresCluster.of(
            instance, settings, present(Optional.ofNullable(there)), offered(instance));
  }

  private String offered(Instance instance) {
    return images.offered(instance.spec().version()).orElse(null);
  }

  private static GenericKubernetesResource present(Optional<GenericKubernetesResource> cluster) {
    return cluster.orElseThrow(
        () ->
            new PlatformRefusedException(
                "the database's cluster object has gone; it is never made anew and empty"));
  }

  private static String name(Instance instance) {
    return PostgresCluster.name(instance);
  }

  /** The Cluster first: it stops the servers and takes the data with it. */
  private boolean removeAll(Instance instance, Attempt attempt) {
    boolean gone = poolers.remove(instance, attempt);
    gone &= instance.migration() == null || migrations.remove(instance, attempt);
    for (String generation : instance.clusterNames()) {
      gone &= clusters.remove(generation, attempt);
    }
    if (!gone) {
      return false;
    }
    boolean within = contents.removeAll(instance, attempt);
    boolean daily = backups.unschedule(instance);
    boolean service = services.remove(ClientService.name(instance), attempt);
    boolean secret = secrets.remove(LoginSecret.name(instance), attempt);
    boolean policy = access.remove(instance, attempt);
    return within && daily && service && secret && policy;
  }

  /** Stops telling; calls that run end with the connection. */
  @Override
  public void close() {
    PlatformWatch current = watch;
    if (current != null) {
      current.close();
      backups.stop();
      images.stop();
    }
    logs.close();
  }
}

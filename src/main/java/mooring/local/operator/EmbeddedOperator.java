package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import mooring.local.control.Outage;
import mooring.local.control.WorkQueue;
import mooring.local.pods.PodOperator;
import mooring.local.pods.PodsConfig;
import mooring.local.postgres.BuildOptions;
import mooring.local.postgres.CertificateAuthority;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the PostgreSQL clusters of one namespace as processes on this machine, and its StatefulSets
 * where nobody else does. All its work is done on threads of its own.
 */
public final class EmbeddedOperator implements AutoCloseable {
  /** For what no event tells: certificates about to end, logs grown large. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

  /** For standbys that are there and do not follow. */
  private static final Duration LOOK_AT_STANDBYS = Duration.ofSeconds(10);

  private static final Duration LOOK_AT_THE_CLOCK = Duration.ofSeconds(1);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(8);

  private static final Logger log = LoggerFactory.getLogger(EmbeddedOperator.class);

  private final OperatorConfig config;
  private final KubernetesView view;
  private final WorkQueue queue;
  private final ServerProcesses processes;
  private final Topologies topologies;
  private final ServerFleet fleet;
  private final StatusWriter statuses;
  private final CatalogInstaller catalog;
  private final StoreInstaller storeInstaller;
  private final BackupView backups;
  private final WorkQueue backupQueue;
  private final ContentsView contents;
  private final WorkQueue contentsQueue;
  private final Stores stores;
  private final ScheduleKeeper schedules;
  private final Retention retention;
  private final Optional<PodOperator> pods;
  private final PoolerKeeper poolers;
  private final AuthorityPublisher authorities;
  private volatile boolean open;
  private volatile DirectoryLock lock;

  /**
   * Starts nothing yet.
   *
   * @param client the door to the API server, with {@code onlyHttpWatches}; stays the caller's
   * @param config what to work with
   */
  public EmbeddedOperator(KubernetesClient client, OperatorConfig config) {
    this.config = config;
    view = new KubernetesView(client, config.namespace(), this::changed);
    backups = new BackupView(client, config.namespace(), this::backupChanged);
    stores = new Stores(config);
    BuildOptions options = new BuildOptions();
    Recoveries recoveries = new Recoveries(config.binaries(), options, stores, this::flush);
    CertificateAuthority authority = CertificateAuthority.in(config.directory());
    authorities = new AuthorityPublisher(client, view, authority);
    ServerSetup setup = new ServerSetup(config.binaries(), options, authority, stores, recoveries);
    processes = new ServerProcesses(config, setup, this::changed);
    topologies = new Topologies(processes);
    fleet = new ServerFleet(config, setup, processes, topologies);
    poolers = new PoolerKeeper(client, config, view, fleet, System.getenv("PATH"));
    statuses = new StatusWriter(client);
    catalog = new CatalogInstaller(client, config);
    ClusterReconciler reconciler =
        new ClusterReconciler(
            view,
            new Planner(view, config.binaries().majors().keySet()),
            fleet,
            topologies,
            new Failover(config, setup, processes, topologies),
            new Standbys(config, setup, processes, topologies, fleet, this::isWanted),
            new Followers(fleet, processes, this::isWanted),
            new Retirement(client, config, fleet),
            statuses,
            new ServicePublisher(client, view),
            new UpgradeJobs(client, config.namespace()),
            poolers::passwordsChanged,
            this::lookedAt);
    queue = new WorkQueue(reconciler::reconcile);
    storeInstaller = new StoreInstaller(client, config);
    StoreKeeper keeper = new StoreKeeper(client, config, view, backups, stores);
    schedules = new ScheduleKeeper(client, config, view, backups);
    retention = new Retention(client, config, backups, stores, keeper);
    backupQueue =
        new WorkQueue(
            new BackupReconciler(config, client, view, backups, stores, fleet, keeper)::reconcile);
    contents = new ContentsView(client, config.namespace(), this::contentsChanged);
    view.onSecret(contents::secretChanged);
    contentsQueue =
        new WorkQueue(
            new ContentsReconciler(client, view, contents, fleet, poolers::passwordsChanged)
                ::reconcile);
    pods = config.pods() ? Optional.of(podOperator(client, config)) : Optional.empty();
  }

  /** Its directory is named as no namespace can be: the others here are namespaces. */
  private static PodOperator podOperator(KubernetesClient client, OperatorConfig config) {
    Path directory = config.directory().resolve("stateful_sets").resolve(config.namespace());
    return new PodOperator(client, new PodsConfig(directory, config.namespace()));
  }

  /**
   * Begins to work.
   *
   * @return completed when every Cluster's status has been marked not ready, before any server is
   *     started; failed when that was impossible, or when another operator works in the directory
   */
  public CompletionStage<Void> start() {
    return CompletableFuture.runAsync(
            () -> lock = DirectoryLock.take(config.directory()), queue::execute)
        .thenCompose(
            locked ->
                CompletableFuture.allOf(
                    view.start(), backups.start(), poolers.start(), contents.start()))
        .thenRunAsync(catalog::install, queue::execute)
        .thenRunAsync(storeInstaller::install, queue::execute)
        .thenCompose(
            installed ->
                CompletableFuture.allOf(
                    view.clusterNames().stream()
                        .map(name -> CompletableFuture.runAsync(() -> mark(name), queue::execute))
                        .toArray(CompletableFuture<?>[]::new)))
        .thenCompose(
            marked ->
                pods.map(PodOperator::start)
                    .orElseGet(() -> CompletableFuture.completedStage(null)))
        .thenRunAsync(this::begin, queue::execute);
  }

  private void mark(String name) {
    GenericKubernetesResource cluster = view.cluster(name);
    if (cluster != null && cluster.get("status", "phase") != null) {
      ClusterStatus status = new ClusterStatus(cluster, topologies.of(cluster));
      statuses.overwrite(cluster, status.notReady(status.starting(), null));
    }
  }

  private void begin() {
    // No server is started before this is done, so it can only meet old ones.
    new AbandonedData(config).report(Set.copyOf(view.clusterNames()));
    stores.all().forEach(ServerArchive::removeUnfinished);
    open = true;
    List<String> clusters = view.clusterNames();
    clusters.forEach(queue::add);
    backups.clusterNames().forEach(backupQueue::add);
    contents.clusterNames().forEach(contentsQueue::add);
    backupQueue.every(LOOK_AT_THE_CLOCK, this::tick);
    poolers.begin();
    pods.ifPresent(PodOperator::begin);
    queue.every(LOOK_AGAIN, () -> view.clusterNames().forEach(queue::add));
    queue.every(LOOK_AT_STANDBYS, () -> replicated().forEach(queue::add));
    log.atInfo()
        .addKeyValue("namespace", config.namespace())
        .addKeyValue("clusters", clusters.size())
        .log("The embedded operator runs");
  }

  private List<String> replicated() {
    return view.clusterNames().stream()
        .filter(
            name -> {
              GenericKubernetesResource cluster = view.cluster(name);
              return cluster != null
                  && (ClusterSpec.of(cluster).instances() > 1 || ClusterSpec.of(cluster).follows());
            })
        .toList();
  }

  private void changed(String cluster) {
    if (open) { // everything is looked at once it is
      queue.add(cluster);
      source(cluster).ifPresent(queue::add); // which has to let it in
      backupQueue.add(cluster);
      contentsQueue.add(cluster);
      poolers.clusterChanged(cluster);
    }
  }

  private Optional<String> source(String cluster) {
    return Optional.ofNullable(view.cluster(cluster))
        .flatMap(ReplicaSource::of)
        .map(ReplicaSource::cluster);
  }

  private void lookedAt(String cluster) {
    authorities.publish(cluster);
    backupChanged(cluster);
    contentsChanged(cluster);
  }

  private void contentsChanged(String cluster) {
    if (open) {
      contentsQueue.add(cluster);
    }
  }

  private void tick() {
    try {
      schedules.tick();
      retention.tick();
    } catch (RuntimeException e) { // it would never be called again
      if (open) {
        Outage.cause(log.atWarn(), e).log("Trying again later");
      }
    }
  }

  private void backupChanged(String cluster) {
    if (open) {
      backupQueue.add(cluster);
    }
  }

  private boolean isWanted(String name) {
    GenericKubernetesResource cluster = view.cluster(name);
    return cluster != null
        && !cluster.isMarkedForDeletion()
        && !ClusterSpec.of(cluster).hibernated();
  }

  private boolean flush(ArchiveTarget archive, int major) {
    return new SourceServers(view, fleet, stores).flush(archive, major);
  }

  /** Stops every server, within 8 s; data and objects stay. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    open = false;
    view.close();
    backups.close();
    poolers.close();
    contents.close();
    queue.close();
    backupQueue.close();
    contentsQueue.close();
    CompletableFuture<?> podsEnd =
        CompletableFuture.runAsync(() -> pods.ifPresent(PodOperator::close));
    processes.close();
    // Work that was starting or stopping a server when it was interrupted ends what it began.
    queue.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
    backupQueue.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
    contentsQueue.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
    podsEnd.completeOnTimeout(null, CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    if (lock != null) {
      lock.close();
    }
  }
}

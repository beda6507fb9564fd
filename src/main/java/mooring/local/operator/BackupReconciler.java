package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mooring.local.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the backups of one Cluster after the other, and removes those that are deleted. */
final class BackupReconciler {
  static final String FINALIZER = "mooring.local/backup-data";
  private static final Logger log = LoggerFactory.getLogger(BackupReconciler.class);
  private static final int ATTEMPTS = 3;

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final KubernetesView clusters;
  private final BackupView view;
  private final Stores stores;
  private final ServerFleet fleet;
  private final BackupStatus statuses;
  private final Finalizer finalizer;
  private final StoreKeeper keeper;
  private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

  BackupReconciler(
      OperatorConfig config,
      KubernetesClient client,
      KubernetesView clusters,
      BackupView view,
      Stores stores,
      ServerFleet fleet,
      StoreKeeper keeper) {
    this.config = config;
    this.client = client;
    this.clusters = clusters;
    this.view = view;
    this.stores = stores;
    this.fleet = fleet;
    this.keeper = keeper;
    statuses = new BackupStatus(client);
    finalizer = new Finalizer(client, CustomResources.BACKUPS, FINALIZER);
  }

  /** The backup is not wanted any more; the reason belongs into its status. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String reason) {
      super(reason);
    }
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String cluster) {
    try {
      if (clusters.cluster(cluster) == null) {
        keeper.tidyAll();
      }
      boolean removed = true; // a removal that has to wait does not hold up the others
      for (GenericKubernetesResource backup : view.backupsOf(cluster)) {
        if (backup.isMarkedForDeletion() && finalizer.isOn(backup) && !remove(backup)) {
          removed = false;
        }
      }
      List<GenericKubernetesResource> open =
          view.backupsOf(cluster).stream()
              .filter(backup -> !backup.isMarkedForDeletion() && !BackupStatus.isFinished(backup))
              .toList();
      open.stream().skip(1).forEach(statuses::pending);
      for (GenericKubernetesResource backup : open) {
        if (!finish(backup)) {
          return false;
        }
      }
      return removed;
    } catch (OutdatedException e) {
      return false; // what is newer is on the way to us
    }
  }

  private boolean remove(GenericKubernetesResource backup) {
    String uid = backup.getMetadata().getUid();
    Optional<ServerArchive> holder = stores.holderOf(uid);
    if (holder.isPresent()) {
      ServerArchive archive = holder.get();
      Runnable removal = () -> archive.copyOf(uid).ifPresent(archive::remove);
      if (!stores.ifUnread(archive.target(), removal)) {
        return false; // a recovery is made from it, or from one beside it
      }
      keeper.tidy(archive);
      log.atInfo().addKeyValue("backup", backup.getMetadata().getName()).log("Backup removed");
    }
    if (!finalizer.remove(backup)) {
      log.atDebug().addKeyValue("backup", backup.getMetadata().getName()).log("It is gone");
    }
    return true;
  }

  private boolean finish(GenericKubernetesResource backup) {
    if (!finalizer.isOn(backup)) {
      return !finalizer.put(backup); // the change is on the way to us
    }
    String uid = backup.getMetadata().getUid();
    Optional<ServerArchive> holder = stores.holderOf(uid);
    if (holder.isPresent()) { // all was done but the saying so
      BackupCopy copy = holder.get().copyOf(uid).orElseThrow();
      keeper.report(holder.get());
      statuses.completed(backup, copy, holder.get().target());
      keeper.tidy(holder.get());
      return true;
    }
    try {
      return take(backup);
    } catch (RefusedException e) {
      statuses.failed(backup, e.getMessage(), config.clock().instant());
    } catch (NotReadyException e) {
      statuses.failed(backup, e.getMessage(), config.clock().instant());
    } catch (PostgresException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e; // the operator ends; it will be begun anew
      }
      int count = attempts.merge(uid, 1, Integer::sum);
      log.atWarn()
          .addKeyValue("backup", backup.getMetadata().getName())
          .addKeyValue("reason", e.getMessage())
          .log("A backup was cut short");
      if (count < ATTEMPTS) {
        return false;
      }
      statuses.failed(backup, e.getMessage(), config.clock().instant());
    }
    attempts.remove(uid);
    return true;
  }

  private boolean take(GenericKubernetesResource backup) {
    String name = BackupView.clusterOf(backup);
    GenericKubernetesResource cluster = wanted(backup);
    ArchiveTarget target = target(backup, cluster);
    if (view.store(target.store()) == null) {
      throw new RefusedException("there is no ObjectStore named " + target.store());
    }
    if (!fleet.isServing(name)) {
      statuses.pending(backup);
      return false;
    }
    ServerArchive archive = stores.of(target);
    InstanceFiles files = fleet.files(name);
    BackupRun run = new BackupRun(config.clock(), files.data().path(), archive);
    statuses.running(backup, run.id(), target, run.startedAt());
    BackupCopy copy = stores.reading(target, () -> copied(backup, run));
    keeper.report(archive); // before: who sees it complete may look where it is
    statuses.completed(backup, copy, target);
    keeper.tidy(archive);
    return true;
  }

  private BackupCopy copied(GenericKubernetesResource backup, BackupRun run) {
    try (BackupSession session =
        fleet.connect(
            BackupView.clusterOf(backup),
            (server, password) -> BackupSession.begin(server, password, run.id()))) {
      return run.take(
          backup.getMetadata().getUid(),
          session,
          () -> check(backup),
          () -> statuses.finalizing(backup));
    } catch (PostgresException e) {
      GenericKubernetesResource unused = wanted(backup); // a reason of its own comes first
      throw e;
    }
  }

  private void check(GenericKubernetesResource backup) {
    if (Thread.currentThread().isInterrupted()) {
      throw new PostgresException("interrupted while a backup is taken");
    }
    GenericKubernetesResource now = view.backup(backup.getMetadata().getName());
    if (now == null || now.isMarkedForDeletion()) {
      throw new RefusedException("the backup is deleted");
    }
    GenericKubernetesResource unused = wanted(backup);
  }

  /** The Cluster of a backup, as long as there is something to back up. */
  private GenericKubernetesResource wanted(GenericKubernetesResource backup) {
    String name = BackupView.clusterOf(backup);
    GenericKubernetesResource cluster = clusters.cluster(name);
    if (cluster == null) { // its watch may just be later than ours
      cluster =
          client
              .genericKubernetesResources(CustomResources.CLUSTERS)
              .inNamespace(config.namespace())
              .withName(name)
              .get();
    }
    if (cluster == null || cluster.isMarkedForDeletion()) {
      throw new RefusedException("there is no Cluster named " + name);
    }
    if (ClusterSpec.of(cluster).hibernated()) {
      throw new RefusedException("the Cluster " + name + " is stopped");
    }
    return cluster;
  }

  private static ArchiveTarget target(
      GenericKubernetesResource backup, GenericKubernetesResource cluster) {
    Fields fields = new Fields(backup);
    if (!"plugin".equals(fields.text("", "spec", "method"))
        || !ArchiveTarget.PLUGIN.equals(fields.text("", "spec", "pluginConfiguration", "name"))) {
      throw new RefusedException(
          "only the method plugin with " + ArchiveTarget.PLUGIN + " is known");
    }
    Optional<ArchiveTarget> own = ArchiveTarget.of(cluster);
    String store = fields.text("", "spec", "pluginConfiguration", "parameters", "barmanObjectName");
    String usual = own.map(ArchiveTarget::serverName).orElse(cluster.getMetadata().getName());
    String server = fields.text(usual, "spec", "pluginConfiguration", "parameters", "serverName");
    return store.isEmpty()
        ? own.orElseThrow(() -> new RefusedException("the Cluster has no object store"))
        : new ArchiveTarget(store, server);
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import mooring.core.BackupObservations;
import mooring.core.Instance;
import mooring.core.SeenBackup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the Backups and the ObjectStores; silent, and empty, where the installation has no
 * ObjectStores. Backups that are made daily carry no marks of ours, so all are watched and told by
 * the Cluster that they are of.
 */
final class BackupWatch implements BackupObservations, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackupWatch.class);

  private final PlatformSettings settings;
  private final KeyedInformer backups;
  private final KeyedInformer stores;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private volatile Disposable storesStart = Disposable.disposed();

  BackupWatch(KubernetesClient client, PlatformSettings settings) {
    this.settings = settings;
    String namespace = settings.namespace();
    backups =
        new KeyedInformer(
            client, BackupObject.RESOURCE, namespace, BackupReader::cluster, this::changed);
    stores =
        new KeyedInformer(
            client,
            BackupStores.RESOURCE,
            namespace,
            store -> store.getMetadata().getName(),
            store -> {});
  }

  /**
   * Completes with the first complete view of the Backups; at once where there can be none. It does
   * not wait for the ObjectStores: the plugin that brings their kind may be missing.
   */
  Completable start() {
    return Completable.defer(
        () -> {
          if (!BackupStores.any(settings)) {
            return Completable.complete();
          }
          storesStart =
              stores
                  .start()
                  .subscribe(
                      () -> log.atInfo().log("watching the object stores"),
                      error -> log.atError().setCause(error).log("no object store is seen"));
          return backups.start();
        });
  }

  /** Whether all there is to see was seen, of ObjectStores also that their kind is missing. */
  boolean seen() {
    return !BackupStores.any(settings) || (backups.synced() && stores.answered());
  }

  /** Adds a listener that hears the short id of each request whose Backup looks different now. */
  void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  @Override
  public boolean offered() {
    return backups.synced() && !stores.find(BackupStores.manual(settings)).isEmpty();
  }

  @Override
  public List<SeenBackup> of(Instance instance) {
    return instance.clusterNames().stream()
        .flatMap(cluster -> backups.find(cluster).stream())
        .map(backup -> BackupReader.read(backup, instance.id()))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public Optional<Instant> firstRecoverable(String archive, int days) {
    return stores.find(BackupStores.daily(settings, days)).stream()
        .map(seen -> ServerWindow.first(seen, archive))
        .flatMap(Optional::stream)
        .findFirst();
  }

  @Override
  public void close() {
    storesStart.dispose();
    backups.stop();
    stores.stop();
  }

  private void changed(GenericKubernetesResource backup) {
    BackupObject.shortId(backup.getMetadata().getName())
        .ifPresent(shortId -> listeners.forEach(listener -> listener.accept(shortId)));
  }
}

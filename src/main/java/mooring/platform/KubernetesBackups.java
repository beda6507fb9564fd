package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import mooring.core.BackupObservations;
import mooring.core.BackupPlatform;
import mooring.core.BackupRequest;
import mooring.core.Fence;
import mooring.core.Instance;
import mooring.core.PlatformRefusedException;
import mooring.core.SeenBackup;

/** Backups on Kubernetes, by CloudNativePG and its Barman Cloud plugin. */
public final class KubernetesBackups implements BackupObservations, BackupPlatform {
  private final PlatformSettings settings;
  private final BlockingCalls calls;
  private final OwnedObjects<GenericKubernetesResource> backups;
  private final OwnedObjects<GenericKubernetesResource> schedules;
  private final ArchiveSearch archives;
  private final BackupWatch watch;

  KubernetesBackups(KubernetesConnection connection, PlatformSettings settings) {
    KubernetesClient client = connection.client();
    this.settings = settings;
    this.calls = connection.calls();
    this.backups = OwnedObjects.custom(client, BackupObject.RESOURCE, settings.namespace());
    this.schedules = OwnedObjects.custom(client, DailyBackup.RESOURCE, settings.namespace());
    this.archives = new ArchiveSearch(client, settings);
    this.watch = new BackupWatch(client, settings);
  }

  /**
   * Adds a listener that hears the short id of each request whose Backup looks different now; it
   * has to be quick and must not block.
   */
  public void onChange(Consumer<String> listener) {
    watch.onChange(listener);
  }

  /**
   * Whether backups and what they are kept in were seen; at once where backups are not set up. A
   * plugin that is missing has been seen when the API server says so.
   */
  public boolean seen() {
    return watch.seen();
  }

  @Override
  public boolean offered() {
    return watch.offered();
  }

  @Override
  public List<SeenBackup> of(Instance instance) {
    return watch.of(instance);
  }

  @Override
  public Optional<Instant> firstRecoverable(String archive, int days) {
    return watch.firstRecoverable(archive, days);
  }

  @Override
  public Completable make(Instance instance, BackupRequest request) {
    if (!BackupStores.any(settings)) {
      return Completable.error(
          new PlatformRefusedException("backups are not set up on this installation"));
    }
    return calls
        .call(
            () -> {
              backups.create(BackupObject.of(instance, request, settings), instance.id());
              return true;
            })
        .ignoreElement();
  }

  @Override
  public Maybe<SeenBackup> look(Instance instance, BackupRequest request) {
    String name = BackupObject.name(instance, request.shortId());
    return calls
        .call(() -> backups.find(name, instance.id()))
        .mapOptional(found -> found.flatMap(backup -> BackupReader.read(backup, instance.id())));
  }

  @Override
  public Maybe<Integer> archiveDays(Instance instance, SeenBackup backup) {
    return calls.call(() -> archives.days(instance, backup)).mapOptional(days -> days);
  }

  @Override
  public Single<Boolean> remove(Instance instance, BackupRequest request) {
    String name = BackupObject.name(instance, request.shortId());
    return calls.call(() -> backups.remove(name, instance.id()));
  }

  @Override
  public Single<Boolean> forget(Instance deleted) {
    return calls.call(() -> removeMade(deleted, any -> true));
  }

  /** Completes when everything there is has been seen. */
  Completable start() {
    return watch.start();
  }

  void stop() {
    watch.close();
  }

  /** Has a database backed up daily, or no more. Blocks. */
  void schedule(Instance instance, Attempt attempt) {
    String name = DailyBackup.name(instance);
    if (DailyBackup.wanted(instance, settings)) {
      schedules.apply(name, there -> DailyBackup.of(instance, settings), attempt);
    } else if (BackupStores.any(settings)) {
      schedules.remove(name, attempt);
    }
  }

  /**
   * Removes the schedules of a database, then the Backups that they made: where these outlive it,
   * only those that are not complete. Blocks.
   *
   * @return whether nothing is left
   */
  boolean unschedule(Instance instance) {
    boolean gone = true;
    for (String name : instance.archiveNames()) {
      gone &= schedules.remove(name, instance.id());
    }
    boolean kept = instance.backupsOutliveIt();
    return gone && removeMade(instance, one -> !kept || !BackupReader.completed(one));
  }

  private boolean removeMade(Instance instance, Predicate<GenericKubernetesResource> which) {
    Attempt attempt = new Attempt(instance.id(), Fence.none());
    boolean gone = true;
    for (String name : instance.archiveNames()) {
      gone &= backups.removeAll(DailyBackup.MADE_BY, name, which, attempt);
    }
    return gone;
  }

  /** Has a database's servers backed up daily no more; the backups stay. Blocks. */
  boolean end(Instance instance, Attempt attempt) {
    return schedules.remove(DailyBackup.name(instance), attempt);
  }
}

package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import mooring.core.BackupPlatform;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** Removes what is known of backups that have outlived their database once their time is over. */
public final class ExpiredBackups {
  /** After that every replica has had its turn. */
  private static final Duration TRIED_FOR = Duration.ofDays(7);

  private final StatusCache cache;
  private final BackupPlatform platform;
  private final Clock clock;
  private final Set<UUID> gone = ConcurrentHashMap.newKeySet();

  public ExpiredBackups(StatusCache cache, BackupPlatform platform, Clock clock) {
    this.cache = cache;
    this.platform = platform;
    this.clock = clock;
  }

  /** Removes what can be removed by now; what is left then is tried at the next call. */
  Completable remove() {
    return Flowable.fromIterable(cache.all())
        .map(Snapshot::instance)
        .filter(instance -> instance.deleted() && instance.backupsOutliveIt())
        .filter(
            instance ->
                over(instance.deletedAt(), instance.setup().retentionDays())
                    && !gone.contains(instance.id()))
        .concatMapCompletable(
            instance ->
                platform
                    .forget(instance)
                    .doOnSuccess(all -> forgotten(instance.id(), all))
                    .ignoreElement()
                    .onErrorComplete());
  }

  private boolean over(Instant deletedAt, int days) {
    Instant end = deletedAt.plus(Duration.ofDays(days));
    Instant now = clock.instant();
    return !end.isAfter(now) && end.plus(TRIED_FOR).isAfter(now);
  }

  private void forgotten(UUID instance, boolean all) {
    if (all) {
      gone.add(instance);
    }
  }
}

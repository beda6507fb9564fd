package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import mooring.core.Backup.Phase;

/** What can be asked for: a backup, its removal, a recovery. */
public final class Backups {
  private static final Duration DEADLINE = Duration.ofHours(6);
  private static final int RETRY_SECONDS = 60;

  private final BackupList list;
  private final BackupStore store;
  private final BackupObservations seen;
  private final BackupArchives archives;
  private final Observations instances;
  private final Clock clock;
  private final Runnable asked;

  /**
   * @param asked is run when something was asked for; it has to be quick and must not block
   */
  public Backups(
      BackupList list,
      BackupStore store,
      BackupObservations seen,
      Observations instances,
      Clock clock,
      Runnable asked) {
    this.list = list;
    this.store = store;
    this.seen = seen;
    this.archives = new BackupArchives(seen, clock);
    this.instances = instances;
    this.clock = clock;
    this.asked = asked;
  }

  /**
   * Asks for a backup of a running database.
   *
   * @param name null for none
   * @return the backup as it stands; {@link Problem.NotNow} unless the database runs, {@link
   *     Problem.Unavailable} where none can be made
   */
  public Single<Backup> create(Caller caller, Instance instance, String name) {
    return Single.defer(
        () -> {
          requireOffered();
          return store
              .create(instance, this::requireRunning, name, DEADLINE, caller.token())
              .doOnSuccess(request -> asked.run())
              // Accepted is accepted, even if the others cannot be read to tell its turn.
              .flatMap(
                  request ->
                      list.find(instance, request.shortId())
                          .onErrorReturnItem(BackupList.begun(request)));
        });
  }

  /**
   * Removes a backup that somebody asked for; it is gone from the list at once.
   *
   * @return {@link Problem.Forbidden} for a daily one
   */
  public Completable delete(Caller caller, Instance instance, String shortId) {
    return list.find(instance, shortId)
        .flatMapCompletable(
            backup -> {
              if (!backup.manual()) {
                throw new ProblemException(
                    new Problem.Forbidden("an automatic backup is removed when it expires"));
              }
              return store
                  .remove(instance, shortId, caller.token())
                  .doOnSuccess(request -> asked.run())
                  .ignoreElement();
            });
  }

  /**
   * What to recover a new database from.
   *
   * @return {@link Problem.Conflict} unless the backup is complete
   */
  public Single<Recovery> recovery(Instance source, String shortId) {
    return list.find(source, shortId)
        .map(
            backup -> {
              if (backup.phase() != Phase.COMPLETED) {
                throw new ProblemException(
                    new Problem.Conflict("only a completed backup can be restored"));
              }
              return new Recovery(
                  source.id(),
                  source.archiveName(begun(backup)),
                  backup.archiveDays(),
                  backup.platformId(),
                  null,
                  // Until then all that happens is in it.
                  backup.completedAt() == null ? begun(backup) : backup.completedAt());
            });
  }

  /** One may have waited for its turn until the database had another archive. */
  private static Instant begun(Backup backup) {
    return backup.startedAt() == null ? backup.createdAt() : backup.startedAt();
  }

  /**
   * The moments that a database can be recovered to. Where it was restored in place or upgraded, a
   * few of them may be missing: those before the first backup since.
   *
   * @param days how far back at most
   * @return {@link Problem.Unavailable} before its first backup
   */
  public RecoveryWindow window(Instance source, int days) {
    requireOffered();
    Instant now = clock.instant();
    Instant first =
        archives.of(source).stream()
            .map(BackupArchive::earliest)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElseThrow(
                () ->
                    new ProblemException(
                        new Problem.Unavailable(
                            "there is no backup to recover from yet", RETRY_SECONDS)));
    Instant limit = now.minus(Duration.ofDays(days));
    return new RecoveryWindow(first.isAfter(limit) ? first : limit, now);
  }

  /**
   * What to recover a new database from, as it was at a moment.
   *
   * @param days how far back at most
   * @return {@link Problem.Invalid} naming {@link Field#MOMENT} for one outside the window
   */
  public Recovery recovery(Instance source, Instant moment, int days) {
    RecoveryWindow window = window(source, days);
    if (!window.contains(moment)) {
      throw new ProblemException(
          new Problem.Invalid(
              Field.MOMENT, "must lie between " + window.earliest() + " and " + window.latest()));
    }
    BackupArchive archive =
        archives.of(source).stream()
            .filter(one -> one.holds(moment))
            .findFirst()
            .orElseThrow(
                () ->
                    new ProblemException(
                        new Problem.Invalid(
                            Field.MOMENT,
                            "must not lie between a restore or an upgrade and the first backup"
                                + " after it")));
    return new Recovery(source.id(), archive.name(), archive.retentionDays(), null, moment);
  }

  private void requireRunning(Instance instance) {
    Replicas.requireOwn(instance);
    Status status = Lifecycle.status(instance, instances.of(instance.id()));
    if (status.state() != InstanceState.RUNNING && status.state() != InstanceState.DEGRADED) {
      throw new ProblemException(new Problem.NotNow(null, status, instance.spec().instances()));
    }
  }

  private void requireOffered() {
    if (!seen.offered()) {
      throw new ProblemException(
          new Problem.Unavailable("backups are not set up on this installation", RETRY_SECONDS));
    }
  }
}

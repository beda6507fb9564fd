package mooring.work;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import mooring.core.Backup.Phase;
import mooring.core.BackupObservations;
import mooring.core.BackupPlatform;
import mooring.core.BackupRequest;
import mooring.core.BackupStore;
import mooring.core.InstanceStore;
import mooring.core.LeaseLostException;
import mooring.core.Operation.Outcome;
import mooring.core.PlatformRefusedException;
import mooring.core.SeenBackup;

/**
 * What is done for a backup, one step at a time. Before each step the lease is renewed, so a worker
 * that has lost it stops there, and one that holds it hears of a removal; each step can be repeated
 * without harm.
 */
final class BackupSteps {
  private static final String VANISHED = "the backup's object has gone before it was complete";
  private static final String NOWHERE = "the backup is complete, but no archive shows it";
  private static final String UNANSWERED = "the backup is complete, but no archive can be asked: ";

  /** For how many leases an archive may fail to show what is complete, or to answer in the end. */
  private static final int PATIENCE = 3;

  private final BackupStore store;
  private final InstanceStore instances;
  private final BackupPlatform platform;
  private final BackupObservations observations;
  private final Duration lease;
  private final Duration patience;

  BackupSteps(
      BackupStore store,
      InstanceStore instances,
      BackupPlatform platform,
      BackupObservations observations,
      Duration lease) {
    this.store = store;
    this.instances = instances;
    this.platform = platform;
    this.observations = observations;
    this.lease = lease;
    this.patience = lease.multipliedBy(PATIENCE);
  }

  /**
   * Takes the next step.
   *
   * @return the request when all is done for it, or nothing yet
   */
  Maybe<BackupRequest> next(BackupJob job) {
    return store
        .renew(job.request(), lease)
        .doOnSuccess(renewal -> job.request(renewal.request()))
        .flatMapMaybe(renewal -> known(job).andThen(step(job, renewal.overdue())))
        .onErrorResumeNext(
            error ->
                error instanceof PlatformRefusedException && job.request().running()
                    ? end(job, Outcome.FAILED, error.getMessage(), null)
                    : Maybe.error(error));
  }

  private Completable known(BackupJob job) {
    return job.instance() != null
        ? Completable.complete()
        : instances
            .find(job.request().instance())
            .switchIfEmpty(Single.error(() -> new IllegalStateException("a database has no row")))
            .doOnSuccess(job::instance)
            .ignoreElement();
  }

  private Maybe<BackupRequest> step(BackupJob job, boolean overdue) {
    return Maybe.defer(
        () -> {
          if (job.request().removed()) {
            return remove(job);
          }
          if (overdue) {
            return expire(job);
          }
          return job.request().madeAt() == null ? make(job) : conclude(job);
        });
  }

  private Maybe<BackupRequest> make(BackupJob job) {
    return platform
        .make(job.instance(), job.request())
        .andThen(store.made(job.request()))
        .doOnSuccess(job::request)
        .ignoreElement()
        .onErrorResumeNext(
            error ->
                error instanceof LeaseLostException
                    // What was made too late is removed again if it had been removed meanwhile.
                    ? store.notGone(job.request()).andThen(Completable.error(error))
                    : Completable.error(error))
        .andThen(Maybe.defer(() -> job.request().removed() ? remove(job) : conclude(job)));
  }

  private Maybe<BackupRequest> conclude(BackupJob job) {
    return seen(job)
        .map(backup -> concluded(job, backup))
        .defaultIfEmpty(end(job, Outcome.FAILED, VANISHED, null))
        .flatMapMaybe(conclusion -> conclusion);
  }

  private Maybe<BackupRequest> concluded(BackupJob job, SeenBackup backup) {
    return switch (backup.phase()) {
      case PENDING, IN_PROGRESS -> Maybe.empty();
      case COMPLETED -> complete(job, backup, false);
      case FAILED -> end(job, Outcome.FAILED, backup.reason(), null);
    };
  }

  /**
   * Decided once: what an archive shows moves on with its next backup. So it is not guessed while
   * the archives cannot be asked.
   *
   * @param overdue whether there is no more waiting for an archive to show it
   */
  private Maybe<BackupRequest> complete(BackupJob job, SeenBackup backup, boolean overdue) {
    return platform
        .archiveDays(job.instance(), backup)
        .map(days -> end(job, Outcome.SUCCEEDED, null, result(backup, days)))
        .defaultIfEmpty(Maybe.defer(() -> unshown(job, backup, overdue)))
        .onErrorResumeNext(error -> unanswered(job, error, overdue))
        .flatMapMaybe(conclusion -> conclusion);
  }

  private Single<Maybe<BackupRequest>> unanswered(BackupJob job, Throwable error, boolean overdue) {
    job.unshown().renew(); // who could not be asked may not have been told either
    return overdue && job.unanswered().over(patience)
        ? Single.just(end(job, Outcome.FAILED, UNANSWERED + error.getMessage(), null))
        : Single.error(error);
  }

  /** Nobody may be told that it is kept for good; so it counts as one of the daily archive. */
  private Maybe<BackupRequest> unshown(BackupJob job, SeenBackup backup, boolean overdue) {
    if (!overdue && !job.unshown().over(patience)) {
      return Maybe.empty();
    }
    int days = job.instance().setup().retentionDays();
    return days == 0
        ? end(job, Outcome.FAILED, NOWHERE, null)
        : end(job, Outcome.SUCCEEDED, null, result(backup, days));
  }

  /** From memory, or else, which may lag behind, by looking. */
  private Maybe<SeenBackup> seen(BackupJob job) {
    return remembered(job).switchIfEmpty(platform.look(job.instance(), job.request()));
  }

  private Maybe<SeenBackup> remembered(BackupJob job) {
    return Maybe.fromOptional(
        observations.of(job.instance()).stream()
            .filter(SeenBackup::manual)
            .filter(backup -> backup.shortId().equals(job.request().shortId()))
            .findFirst());
  }

  private Maybe<BackupRequest> remove(BackupJob job) {
    return platform
        .remove(job.instance(), job.request())
        .flatMapMaybe(gone -> gone ? store.gone(job.request()).toMaybe() : Maybe.empty());
  }

  /** A late success counts; what is not complete gives way to the next in turn, if it can. */
  private Maybe<BackupRequest> expire(BackupJob job) {
    return seen(job)
        .filter(backup -> backup.phase() == Phase.COMPLETED)
        .flatMap(backup -> complete(job, backup, true))
        .switchIfEmpty(
            platform
                .remove(job.instance(), job.request())
                .onErrorReturnItem(false)
                .flatMapMaybe(gone -> end(job, Outcome.FAILED, expiry(job), null)));
  }

  private Maybe<BackupRequest> end(
      BackupJob job, Outcome outcome, String reason, BackupRequest.Result result) {
    return Maybe.defer(() -> store.end(job.request(), outcome, reason, result).toMaybe());
  }

  private static BackupRequest.Result result(SeenBackup backup, int archiveDays) {
    return new BackupRequest.Result(
        backup.platformId(),
        backup.sizeBytes(),
        backup.startedAt(),
        backup.completedAt(),
        archiveDays);
  }

  private static String expiry(BackupJob job) {
    String why = job.lastFault() == null ? "" : ": " + job.lastFault();
    return "the backup was not complete by " + job.request().deadline() + why;
  }
}

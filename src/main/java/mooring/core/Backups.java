package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import mooring.core.Backup.Phase;

/** What can be done with backups. */
public final class Backups {
  private static final Duration DEADLINE = Duration.ofHours(6);
  private static final int RETRY_SECONDS = 60;

  private final BackupStore store;
  private final BackupObservations seen;
  private final Observations instances;
  private final Clock clock;
  private final Runnable asked;

  public Backups(BackupStore store, BackupObservations seen, Observations instances, Clock clock) {
    this(store, seen, instances, clock, () -> {});
  }

  /**
   * @param asked is run when something was asked for; it has to be quick and must not block
   */
  public Backups(
      BackupStore store,
      BackupObservations seen,
      Observations instances,
      Clock clock,
      Runnable asked) {
    this.store = store;
    this.seen = seen;
    this.instances = instances;
    this.clock = clock;
    this.asked = asked;
  }

  /** A database's backups, newest first. */
  public Single<List<Backup>> list(Instance instance) {
    return store.list(instance.id()).map(requests -> together(instance, requests));
  }

  /** One of them; {@link Problem.NotFound} when there is none such. */
  public Single<Backup> find(Instance instance, String shortId) {
    return list(instance).map(all -> one(all, shortId));
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
                      find(instance, request.shortId())
                          .onErrorReturnItem(asked(request, null, true)));
        });
  }

  /**
   * Removes a backup that somebody asked for; it is gone from the list at once.
   *
   * @return {@link Problem.Forbidden} for a daily one
   */
  public Completable delete(Caller caller, Instance instance, String shortId) {
    return find(instance, shortId)
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
    return find(source, shortId)
        .map(
            backup -> {
              if (backup.phase() != Phase.COMPLETED) {
                throw new ProblemException(
                    new Problem.Conflict("only a completed backup can be restored"));
              }
              return new Recovery(
                  source.id(),
                  source.objectName(),
                  backup.archiveDays(),
                  backup.platformId(),
                  null);
            });
  }

  /**
   * The moments that a database can be recovered to.
   *
   * @param days how far back at most
   * @return {@link Problem.Unavailable} before its first backup
   */
  public RecoveryWindow window(Instance source, int days) {
    requireOffered();
    Instant now = clock.instant();
    Instant first =
        seen.firstRecoverable(source)
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
    return new Recovery(
        source.id(), source.objectName(), source.setup().retentionDays(), null, moment);
  }

  private void requireRunning(Instance instance) {
    Status status = Lifecycle.status(instance, instances.of(instance.id()));
    if (status.state() != InstanceState.RUNNING && status.state() != InstanceState.DEGRADED) {
      throw new ProblemException(new Problem.NotNow(null, status));
    }
  }

  private void requireOffered() {
    if (!seen.offered()) {
      throw new ProblemException(
          new Problem.Unavailable("backups are not set up on this installation", RETRY_SECONDS));
    }
  }

  private static Backup one(List<Backup> all, String shortId) {
    return all.stream()
        .filter(backup -> backup.shortId().equals(shortId))
        .findFirst()
        .orElseThrow(() -> new ProblemException(new Problem.NotFound("backup not found")));
  }

  private List<Backup> together(Instance instance, List<BackupRequest> requests) {
    List<SeenBackup> there = seen.of(instance);
    Map<String, SeenBackup> forRequests =
        there.stream()
            .filter(SeenBackup::manual)
            .collect(Collectors.toMap(SeenBackup::shortId, Function.identity(), (a, b) -> a));
    // The store's order is that in which they take turns, newest first.
    BackupRequest next = null;
    for (BackupRequest request : requests) {
      next = request.running() ? request : next;
    }
    List<Backup> backups = new ArrayList<>();
    for (BackupRequest request : requests) {
      SeenBackup seenOne = forRequests.get(request.shortId());
      Backup backup = asked(request, seenOne, request.equals(next));
      if (seenOne != null || !expired(backup)) {
        backups.add(backup);
      }
    }
    there.stream().filter(one -> !one.manual()).forEach(one -> backups.add(daily(one)));
    backups.sort(Comparator.comparing(Backup::createdAt).reversed());
    return backups;
  }

  /** An archive may keep one for longer than it has to, and then its object stays as well. */
  private boolean expired(Backup backup) {
    return backup.expiresAt() != null && !backup.expiresAt().isAfter(clock.instant());
  }

  /**
   * By the row and the others' rows only: what is next in turn counts as begun. So every replica
   * says the same, and no phase ever goes back.
   */
  private static Backup asked(BackupRequest request, SeenBackup seen, boolean next) {
    BackupRequest.Result result = request.result();
    Phase phase =
        switch (request.outcome()) {
          case SUCCEEDED -> Phase.COMPLETED;
          case FAILED, INTERRUPTED -> Phase.FAILED;
          case RUNNING -> next ? Phase.IN_PROGRESS : Phase.PENDING;
        };
    return new Backup(
        request.shortId(),
        request.instance(),
        request.name(),
        true,
        phase,
        request.reason(),
        result == null ? 0 : result.sizeBytes(),
        request.requestedAt(),
        result != null ? result.startedAt() : seen == null ? null : seen.startedAt(),
        result == null ? null : result.completedAt(),
        result == null ? null : expiry(request, result),
        result == null ? 0 : result.archiveDays(),
        result == null ? null : result.platformId());
  }

  /** Null only for one in the archive that keeps all. */
  private static Instant expiry(BackupRequest request, BackupRequest.Result result) {
    if (result.archiveDays() == 0) {
      return null;
    }
    Instant began = result.startedAt() == null ? request.requestedAt() : result.startedAt();
    Instant stopped = result.completedAt() == null ? began : result.completedAt();
    return stopped.plus(Duration.ofDays(result.archiveDays()));
  }

  private static Backup daily(SeenBackup seen) {
    return new Backup(
        seen.shortId(),
        seen.instance(),
        null,
        false,
        seen.phase(),
        seen.reason(),
        seen.sizeBytes(),
        seen.createdAt(),
        seen.startedAt(),
        seen.completedAt(),
        seen.createdAt().plus(Duration.ofDays(seen.archiveDays())),
        seen.archiveDays(),
        seen.platformId());
  }
}

package mooring.core;

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

/** The backups of a database: those that were asked for, and those that are made daily. */
public final class BackupList {
  private final BackupStore store;
  private final BackupObservations seen;
  private final Clock clock;

  public BackupList(BackupStore store, BackupObservations seen, Clock clock) {
    this.store = store;
    this.seen = seen;
    this.clock = clock;
  }

  /** A database's backups, newest first. */
  public Single<List<Backup>> of(Instance instance) {
    return store.list(instance.id()).map(requests -> together(instance, requests));
  }

  /** One of them; {@link Problem.NotFound} when there is none such. */
  public Single<Backup> find(Instance instance, String shortId) {
    return of(instance).map(all -> one(all, shortId));
  }

  /** One that was just asked for, when the others cannot be read to tell its turn. */
  static Backup begun(BackupRequest request) {
    return asked(request, null, true);
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

package mooring.core;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The backups that were asked for. Fails like {@link InstanceStore} while it cannot be reached. The
 * deletion of a database ends those that run and asks for the removal of all.
 *
 * <p>A worker's writes name the attempt that a request was claimed under, and fail with {@link
 * LeaseLostException} when it has moved on.
 */
public interface BackupStore {

  /**
   * A request that is held for another lease.
   *
   * @param request as it stands now
   * @param overdue whether its deadline has passed
   */
  record Renewal(BackupRequest request, boolean overdue) {}

  /**
   * Accepts a backup: judgement, request and audit in one transaction, under the lock of the
   * instance that changes take too; {@link Problem.NotFound} when the database is deleted.
   *
   * @param judge is given the instance as it stands under the lock; what it throws refuses the
   *     backup
   * @param deadline how long it may take from the beginning of its turn, which is its first claim
   */
  Single<BackupRequest> create(
      Instance instance,
      Consumer<Instance> judge,
      String name,
      Duration deadline,
      UUID requestedBy);

  /** Those of a database whose removal was not asked for, newest first. */
  Single<List<BackupRequest>> list(UUID instance);

  /**
   * Asks for a removal, with an audit row; one that runs ends with it. Empty when there is none
   * such.
   */
  Maybe<BackupRequest> remove(Instance instance, String shortId, UUID requestedBy);

  /**
   * Claims what is to be done and whose lease is free or expired, oldest first, in one short
   * transaction: removals, and of each database the oldest request that runs. So the requests of a
   * database take turns, whoever works.
   */
  Single<List<BackupRequest>> claim(String owner, Duration lease, int limit);

  /** Holds a request for another lease. */
  Single<Renewal> renew(BackupRequest claimed, Duration lease);

  /** Records that a request was made known to the platform. */
  Single<BackupRequest> made(BackupRequest claimed);

  /**
   * Ends a request that runs.
   *
   * @param result null unless it succeeded
   * @param reason null when it succeeded
   */
  Single<BackupRequest> end(
      BackupRequest claimed, Operation.Outcome outcome, String reason, BackupRequest.Result result);

  /** Records that nothing of a removed backup is left. */
  Single<BackupRequest> gone(BackupRequest claimed);

  /** Takes back that nothing is left of a removed backup: something was made after all. */
  Completable notGone(BackupRequest request);
}

package mooring.core;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The backups that were asked for. Fails like {@link InstanceStore} while it cannot be reached. */
public interface BackupStore {

  /** Accepts a backup: request and audit in one transaction, under the instance's lock. */
  Single<BackupRequest> create(Instance instance, String name, Duration deadline, UUID requestedBy);

  /** Those of a database whose removal was not asked for, newest first. */
  Single<List<BackupRequest>> list(UUID instance);

  /** Asks for a removal, with an audit row; empty when there is none such. */
  Maybe<BackupRequest> remove(Instance instance, String shortId, UUID requestedBy);

  /**
   * Claims running requests, and removals that are not done, whose lease is free or expired, oldest
   * first, in one short transaction.
   */
  Single<List<BackupRequest>> claim(String owner, Duration lease, int limit);

  /** Holds a request for another lease; whether its deadline has passed. */
  Single<Boolean> renew(BackupRequest claimed, Duration lease);

  /**
   * Ends a request; fails with {@link LeaseLostException} when it has moved on.
   *
   * @param result null unless it succeeded
   * @param reason null when it succeeded
   */
  Single<BackupRequest> end(
      BackupRequest claimed, Operation.Outcome outcome, String reason, BackupRequest.Result result);

  /** Records that nothing of a removed backup is left. */
  Single<BackupRequest> gone(BackupRequest claimed);
}

package mooring.core;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The operations as the worker sees them. Each write names the attempt it was claimed under and
 * fails with {@link LeaseLostException} when the operation has moved on or ended. Time is the
 * database's clock.
 */
public interface OperationStore {

  /**
   * Claims running operations whose lease is free or expired, oldest first, in one short
   * transaction.
   *
   * @param owner names the claiming replica
   * @param lease how long they are held without a renewal
   * @param limit how many at most
   * @return the instances, each with its claimed operation and the new attempt in it
   */
  Single<List<Instance>> claim(String owner, Duration lease, int limit);

  /**
   * Holds an operation for another lease.
   *
   * @return whether its deadline has passed
   */
  Single<Boolean> renew(UUID operation, int attempt, Duration lease);

  /**
   * What a {@link Fence} for an attempt at an operation says: a token that counts the attempts at
   * operations of the database which did not end in success.
   */
  Single<Long> fence(UUID operation, int attempt);

  /** Records the resource version of what was applied for the operation. */
  Single<Instance> applied(UUID operation, int attempt, long version);

  /**
   * Ends an operation; a delete that succeeded leaves a tombstone and frees handle and address. The
   * new password of a reset takes effect with its success, which has to come before its deadline,
   * and is forgotten otherwise.
   *
   * @param outcome how it ended, not {@link Operation.Outcome#RUNNING}
   * @param reason for a human; null on success
   * @param version the resource version of the observation that ended it; null for none
   */
  Single<Instance> end(
      UUID operation, int attempt, Operation.Outcome outcome, String reason, Long version);

  /**
   * Ends an operation as failed.
   *
   * @param reason for a human
   * @param cause on whose account
   */
  Single<Instance> fail(UUID operation, int attempt, String reason, Operation.Cause cause);

  /**
   * Records that what was asked is not reached and is being undone, so that whoever takes over goes
   * on with that.
   *
   * @param reason for a human
   * @param cause on whose account it will have failed
   */
  Single<Instance> undoing(UUID operation, int attempt, String reason, Operation.Cause cause);

  /**
   * Records how far a running operation is in what is wanted.
   *
   * @param change makes it of what is recorded
   */
  Single<Instance> record(UUID operation, int attempt, UnaryOperator<Instance> change);

  /**
   * Ends a restore in place or an upgrade as failed; the servers, or the version, of before are
   * wanted again.
   *
   * @param reason for a human
   * @param cause on whose account; null where that is not known
   */
  Single<Instance> revert(UUID operation, int attempt, String reason, Operation.Cause cause);
}

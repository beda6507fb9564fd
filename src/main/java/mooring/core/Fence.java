package mooring.core;

import io.reactivex.rxjava3.core.Single;

/**
 * Leave for an attempt at an operation to change the platform. It is asked for after what is to be
 * changed was read and before it is changed, on condition that it is still as read: whoever took
 * the operation over meanwhile has changed it, or comes to see what was written here.
 */
@FunctionalInterface
public interface Fence {

  /**
   * Asks for leave; fails with {@link LeaseLostException} when the attempt may not go on.
   *
   * @return the fencing token: a number that is higher after each attempt which may still want to
   *     write what is no longer wanted. To be written with every change, so that also one that
   *     finds everything as wanted outdates what such an attempt has read; 0 for none so far
   */
  Single<Long> token();

  /** For what nobody competes for, like the remains of a deleted database. */
  static Fence none() {
    return () -> Single.just(0L);
  }
}

package mooring.work;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.List;

/**
 * A kind of work: where its jobs come from, and what is done for one. A {@link JobRunner} calls all
 * but the streams themselves on its one thread.
 *
 * @param <J> a job that this replica holds
 * @param <R> what a job comes to
 */
interface Work<J extends Turn, R> {

  /** Claims jobs whose lease is free, at most so many, for this replica. */
  Single<List<J>> claim(int limit);

  /**
   * Renews a job's lease and takes its next step; fails with {@link
   * mooring.core.LeaseLostException} when others have the job by now.
   *
   * @return what it came to when all is done for it, or nothing yet
   */
  Maybe<R> step(J job);

  /** A job was claimed. */
  void claimed(J job);

  /** A step is done, and what it waits for is still to come. */
  void waiting(J job);

  /** A step has failed, the first one in a row, and will be tried again. */
  void heldUp(J job, Throwable fault);

  /**
   * All is done for a job.
   *
   * @return whether another may be free with that, so that it is worth to claim at once
   */
  boolean done(J job, R result);
}

package mooring.api;

import io.reactivex.rxjava3.core.Completable;
import mooring.core.Caller;
import mooring.core.ProblemException;
import mooring.status.Encoded;

/** An operation answered from memory, without waiting for anything. */
public interface Poll {

  /**
   * The answer.
   *
   * @param id the path's first parameter; null when it has none
   * @param more what the contract lets a client ask for beyond that
   * @return null when memory cannot tell; a {@link ProblemException} refuses
   */
  Encoded read(Caller caller, String id, Parameters more);

  /** Whether the answer names places of this server, so that it depends on how that is reached. */
  default boolean linked() {
    return false;
  }

  /** Fills the memory when it could not tell; refuses when there is nothing to fill in. */
  default Completable lookUp(Caller caller, String id, Parameters more) {
    return Completable.complete();
  }
}

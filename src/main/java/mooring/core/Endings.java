package mooring.core;

import io.reactivex.rxjava3.core.Maybe;
import java.time.Duration;
import java.util.UUID;

/** Tells when an operation has ended. */
public interface Endings {

  /**
   * Waits for the end of an operation.
   *
   * @return the instance with the ended operation; empty when the limit passed before, or another
   *     operation has followed unheard
   */
  Maybe<Instance> ended(UUID instance, UUID operation, Duration limit);
}

package mooring.core;

import java.util.UUID;

/**
 * What the platform shows of a connection pool.
 *
 * @param number of the pool
 * @param settings what it is asked to be, as {@link Pools#digest} tells; empty when not known
 * @param changedBy the operation that asked for that; null when not known
 * @param doing how it is doing with these settings
 */
public record SeenPool(int number, String settings, UUID changedBy, Doing doing) {

  /** How a connection pool is doing. */
  public enum Doing {
    STARTING,
    RUNNING,
    /** It does not run now. It is tried again, and may come up by itself. */
    FAULTY,
    /** The platform says that it cannot run as it is asked. */
    FAILED,
    /** It is being removed. */
    GOING
  }

  /** Whether it is not to be waited for. */
  boolean down() {
    return doing == Doing.FAULTY || doing == Doing.FAILED;
  }
}

package mooring.core;

import io.reactivex.rxjava3.core.Single;

/** The server of a read replica, or of what was one. */
@FunctionalInterface
public interface ReplicaServer {

  /** Asks it as its owner; fails with a {@link SourceSilentException} when it does not answer. */
  Single<Standing> standing(Instance replica, Credentials login);

  /** What it does. */
  enum Standing {
    /** It takes in what its source writes. */
    FOLLOWING,
    /** It takes no writes, nor any of its source's now. */
    DETACHED,
    /** It takes writes, but has still to be restarted. */
    RESTARTING,
    /** It takes writes. */
    PRIMARY
  }
}

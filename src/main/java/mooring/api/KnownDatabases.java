package mooring.api;

import io.reactivex.rxjava3.core.Single;
import mooring.core.Caller;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.status.MissLookup;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** A caller's databases by their ids, from memory. */
public final class KnownDatabases {
  private final StatusCache cache;
  private final MissLookup misses;

  public KnownDatabases(StatusCache cache, MissLookup misses) {
    this.cache = cache;
    this.misses = misses;
  }

  /**
   * A living database of the caller; {@link Problem.NotFound} for one that is gone.
   *
   * @param shortId null for an id of another form, which names none
   * @return null when it is not known here as the caller's: a foreign one is looked up like any
   *     other, so that nothing tells it from one that does not exist
   */
  public Snapshot get(Caller caller, String shortId) {
    if (shortId == null) {
      throw notFound();
    }
    Snapshot snapshot = cache.get(shortId);
    if (snapshot == null || !snapshot.belongsTo(caller.tenant())) {
      return null;
    }
    if (snapshot.deleted()) {
      throw notFound();
    }
    return snapshot;
  }

  /** The same, looked up when it is not known here. */
  public Single<Snapshot> find(Caller caller, String shortId) {
    return Single.defer(
        () -> {
          Snapshot known = get(caller, shortId);
          return known != null
              ? Single.just(known)
              : misses
                  .look(caller.tenant(), shortId)
                  .andThen(Single.fromCallable(() -> found(caller, shortId)));
        });
  }

  /** What a database that is not there is answered with. */
  public static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("database not found"));
  }

  private Snapshot found(Caller caller, String shortId) {
    Snapshot snapshot = get(caller, shortId);
    if (snapshot == null) {
      throw notFound();
    }
    return snapshot;
  }
}

package mooring.api;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import mooring.core.Caller;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.status.MissLookup;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** A caller's databases by their ids, from memory. */
public final class KnownDatabases {
  private static final Pattern HANDLE = Pattern.compile("[a-z0-9-]{1,63}");

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
    return living(caller, cache.get(shortId));
  }

  /** The same by the id that is no short one. */
  public Snapshot get(Caller caller, UUID id) {
    if (id == null) {
      throw notFound();
    }
    return living(caller, cache.get(id));
  }

  /** The same by its handle, which is free for another one when it is gone. */
  public Snapshot named(Caller caller, String handle) {
    Snapshot known = living(caller, cache.get(caller.tenant(), handle));
    if (known == null && !HANDLE.matcher(handle).matches()) {
      throw notFound();
    }
    return known;
  }

  /** The same, looked up when it is not known here. */
  public Single<Snapshot> findNamed(Caller caller, String handle) {
    return find(() -> named(caller, handle), () -> misses.lookNamed(caller.tenant(), handle));
  }

  /** The same, looked up when it is not known here. */
  public Single<Snapshot> find(Caller caller, String shortId) {
    return find(() -> get(caller, shortId), () -> misses.look(caller.tenant(), shortId));
  }

  /** The same by the id that is no short one. */
  public Single<Snapshot> find(Caller caller, UUID id) {
    return find(() -> get(caller, id), () -> misses.look(caller.tenant(), id));
  }

  /** What a database that is not there is answered with. */
  public static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("database not found"));
  }

  private static Snapshot living(Caller caller, Snapshot snapshot) {
    if (snapshot == null || !snapshot.belongsTo(caller.tenant())) {
      return null;
    }
    if (snapshot.deleted()) {
      throw notFound();
    }
    return snapshot;
  }

  private static Single<Snapshot> find(Supplier<Snapshot> get, Supplier<Completable> lookUp) {
    return Single.defer(
        () -> {
          Snapshot known = get.get();
          return known != null
              ? Single.just(known)
              : lookUp.get().andThen(Single.fromCallable(() -> found(get)));
        });
  }

  private static Snapshot found(Supplier<Snapshot> get) {
    Snapshot snapshot = get.get();
    if (snapshot == null) {
      throw notFound();
    }
    return snapshot;
  }
}

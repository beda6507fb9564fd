package mooring.api.uncloud;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import mooring.api.Poll;
import mooring.core.Api;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.status.Encoded;
import mooring.status.Listing;
import mooring.status.MissLookup;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** The reads of databases, from memory. */
final class UncloudPolls {
  private final StatusCache cache;
  private final MissLookup misses;
  // Kept, so that a poll allocates no function object.
  private final Function<Snapshot, Encoded> item;
  private final Function<Listing, Encoded> array;

  UncloudPolls(StatusCache cache, MissLookup misses, UncloudMapper mapper) {
    this.cache = cache;
    this.misses = misses;
    this.item = snapshot -> Encoded.of(mapper.database(snapshot.instance(), snapshot.status()));
    this.array = this::join;
  }

  Poll list() {
    return (caller, id) -> cache.list(caller.tenant()).encoded(Api.UNCLOUD, array);
  }

  Poll get() {
    return new Poll() {
      @Override
      public Encoded read(Caller caller, String id) {
        Snapshot snapshot = snapshot(caller, shortId(id));
        return snapshot == null ? null : snapshot.encoded(Api.UNCLOUD, item);
      }

      @Override
      public Completable lookUp(Caller caller, String id) {
        return find(caller, id).ignoreElement();
      }
    };
  }

  /** A living database of the caller, looked up when it is not known here. */
  Single<Instance> find(Caller caller, String id) {
    return Single.defer(
        () -> {
          String shortId = shortId(id);
          Snapshot known = snapshot(caller, shortId);
          return known != null
              ? Single.just(known.instance())
              : misses
                  .look(caller.tenant(), shortId)
                  .andThen(Single.fromCallable(() -> found(caller, shortId)));
        });
  }

  private Instance found(Caller caller, String shortId) {
    Snapshot snapshot = snapshot(caller, shortId);
    if (snapshot == null) {
      throw notFound();
    }
    return snapshot.instance();
  }

  /**
   * Null when it is not known here as the caller's: a foreign one is looked up like any other, so
   * that nothing tells it from one that does not exist.
   */
  private Snapshot snapshot(Caller caller, String shortId) {
    Snapshot snapshot = cache.get(shortId);
    if (snapshot == null || !snapshot.belongsTo(caller.tenant())) {
      return null;
    }
    if (snapshot.deleted()) {
      throw notFound();
    }
    return snapshot;
  }

  private static String shortId(String id) {
    String shortId = UncloudIds.shortId(UncloudIds.DATABASE, id);
    if (shortId == null) {
      throw notFound();
    }
    return shortId;
  }

  private static ProblemException notFound() {
    return new ProblemException(new Problem.NotFound("database not found"));
  }

  /** The items' bytes between brackets; an order of items is an order of their tags. */
  private Encoded join(Listing listing) {
    Buffer body = Buffer.buffer().appendByte((byte) '[');
    StringBuilder tags = new StringBuilder();
    String separator = "";
    for (Snapshot snapshot : listing.snapshots()) {
      Encoded encoded = snapshot.encoded(Api.UNCLOUD, item);
      body.appendString(separator).appendBuffer(encoded.body());
      tags.append(encoded.etag());
      separator = ",";
    }
    return Encoded.joined(body.appendByte((byte) ']'), tags.toString());
  }
}

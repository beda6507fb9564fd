package mooring.api.uncloud;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import mooring.api.KnownDatabases;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.PublicIds;
import mooring.core.Api;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.status.Encoded;
import mooring.status.Listing;
import mooring.status.MissLookup;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** The reads of databases, from memory. */
final class UncloudPolls {
  private final StatusCache cache;
  private final KnownDatabases known;
  // Kept, so that a poll allocates no function object.
  private final Function<Snapshot, Encoded> item;
  private final Function<Listing, Encoded> array;

  UncloudPolls(StatusCache cache, MissLookup misses, UncloudMapper mapper) {
    this.cache = cache;
    this.known = new KnownDatabases(cache, misses);
    this.item = snapshot -> Encoded.of(mapper.database(snapshot.instance(), snapshot.status()));
    this.array = this::join;
  }

  Poll list() {
    return (caller, id, more) -> cache.list(caller.tenant()).encoded(Api.UNCLOUD, array);
  }

  Poll get() {
    return new Poll() {
      @Override
      public Encoded read(Caller caller, String id, Parameters more) {
        Snapshot snapshot = known.get(caller, shortId(id));
        return snapshot == null ? null : snapshot.encoded(Api.UNCLOUD, item);
      }

      @Override
      public Completable lookUp(Caller caller, String id, Parameters more) {
        return find(caller, id).ignoreElement();
      }
    };
  }

  /** A living database of the caller, looked up when it is not known here. */
  Single<Instance> find(Caller caller, String id) {
    return Single.defer(() -> known.find(caller, shortId(id))).map(Snapshot::instance);
  }

  private static String shortId(String id) {
    return PublicIds.shortId(UncloudIds.DATABASE, id);
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

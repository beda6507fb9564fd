package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.function.Function;
import mooring.api.KnownDatabases;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Api;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.status.Encoded;
import mooring.status.Snapshot;

/** The reads of single databases, from memory. Of another engine's databases it knows nothing. */
final class CloudheedPolls {
  private final KnownDatabases known;
  // Kept, so that a poll allocates no function object.
  private final Function<Snapshot, Encoded> item;

  CloudheedPolls(KnownDatabases known, CloudheedMapper mapper) {
    this.known = known;
    this.item =
        snapshot -> Encoded.of(mapper.database(visible(snapshot).instance(), snapshot.status()));
  }

  /** A database. */
  Poll get() {
    return of(this::encoded);
  }

  /** Something else that one database is asked for. */
  Poll of(Function<Snapshot, Encoded> answer) {
    return new Poll() {
      @Override
      public Encoded read(Caller caller, String id, Parameters more) {
        Snapshot snapshot = known.get(caller, CloudheedIds.ofDatabase(id));
        return snapshot == null ? null : answer.apply(snapshot);
      }

      @Override
      public Completable lookUp(Caller caller, String id, Parameters more) {
        return find(caller, id).ignoreElement();
      }
    };
  }

  /** The body of a database, made once per change. */
  Encoded encoded(Snapshot snapshot) {
    return snapshot.encoded(Api.CLOUDHEED, item);
  }

  /** A living database of the caller, looked up when it is not known here. */
  Single<Snapshot> find(Caller caller, String id) {
    return Single.defer(() -> known.find(caller, CloudheedIds.ofDatabase(id)))
        .map(CloudheedPolls::visible);
  }

  /** The same snapshot; not found when it cannot be seen in this API. */
  static Snapshot visible(Snapshot snapshot) {
    if (!isVisible(snapshot.instance())) {
      throw KnownDatabases.notFound();
    }
    return snapshot;
  }

  /** Whether a database can be seen in this API. */
  static boolean isVisible(Instance instance) {
    return instance.spec().engine() == Engine.POSTGRESQL;
  }
}

package mooring.api.ionos;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.function.Function;
import mooring.api.KnownDatabases;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.PublicIds;
import mooring.core.Api;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.status.Encoded;
import mooring.status.Freshness;
import mooring.status.Snapshot;

/** The reads of single clusters, from memory. Of another engine's databases it knows nothing. */
final class IonosPolls {
  private final KnownDatabases known;
  private final IonosMapper mapper;
  private final Freshness freshness;
  // Kept, so that a poll allocates no function object.
  private final Function<Snapshot, Encoded> item;

  IonosPolls(KnownDatabases known, IonosMapper mapper, Freshness freshness) {
    this.known = known;
    this.mapper = mapper;
    this.freshness = freshness;
    this.item =
        snapshot ->
            Encoded.of(
                mapper.cluster(
                    visible(snapshot).instance(), IonosState.word(snapshot.status().state())));
  }

  /** A cluster. */
  Poll get() {
    return of(this::encoded);
  }

  /** Something else that one cluster is asked for. */
  Poll of(Function<Snapshot, Encoded> answer) {
    return new Poll() {
      @Override
      public Encoded read(Caller caller, String id, Parameters more) {
        Snapshot snapshot = known(caller, id);
        return snapshot == null ? null : answer.apply(snapshot);
      }

      @Override
      public Completable lookUp(Caller caller, String id, Parameters more) {
        return find(caller, id).ignoreElement();
      }
    };
  }

  /** A living cluster of the caller; null when it is not known here as the caller's. */
  Snapshot known(Caller caller, String id) {
    return known.get(caller, PublicIds.uuid(id));
  }

  /** Where a cluster lies, in this API's word. */
  String location(Instance instance) {
    return mapper.location(instance);
  }

  /** The body of a cluster, made once per change; its state is told only while that is current. */
  Encoded encoded(Snapshot snapshot) {
    return freshness.stale()
        ? Encoded.of(mapper.cluster(visible(snapshot).instance(), IonosState.UNKNOWN))
        : snapshot.encoded(Api.IONOS, item);
  }

  /** A living cluster of the caller, looked up when it is not known here. */
  Single<Snapshot> find(Caller caller, String id) {
    return Single.defer(() -> known.find(caller, PublicIds.uuid(id))).map(IonosPolls::visible);
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

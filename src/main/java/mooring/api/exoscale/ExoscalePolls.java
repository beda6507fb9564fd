package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.api.KnownDatabases;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.core.Api;
import mooring.core.Backup;
import mooring.core.BackupObservations;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.SeenBackup;
import mooring.status.Encoded;
import mooring.status.Listing;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** The reads of services, from memory. Of another engine's databases it knows nothing. */
final class ExoscalePolls {
  /** How the body ends that has no backups. */
  private static final String NO_BACKUPS = ",\"backups\":[]}";

  /** What it ends with before that where there are no integrations. */
  private static final String NO_INTEGRATIONS = "[]";

  /** What is shown with a service and is not its own. */
  private record Around(List<End> ends, List<SeenBackup> backups) {}

  /** Of an integration what can change; no snapshot, which would keep others that are over. */
  private record End(UUID instance, long revision, boolean serving) {
    static End of(Snapshot snapshot) {
      Instance instance = snapshot.instance();
      return new End(instance.id(), instance.revision(), snapshot.status().serving());
    }
  }

  private final StatusCache cache;
  private final KnownDatabases known;
  private final BackupObservations backups;
  // Kept, so that a poll allocates no function object.
  private final Function<Snapshot, Encoded> item;
  private final Function<Listing, Encoded> list;

  ExoscalePolls(
      StatusCache cache, KnownDatabases known, ExoscaleMapper mapper, BackupObservations backups) {
    this.cache = cache;
    this.known = known;
    this.backups = backups;
    this.item = snapshot -> Encoded.of(mapper.service(snapshot));
    this.list = listing -> Encoded.of(list(listing, mapper).toBuffer());
  }

  /** The services of a tenant. */
  Poll list() {
    return (caller, id, more) -> cache.list(caller.tenant()).encoded(Api.EXOSCALE, list);
  }

  /** A service. */
  Poll get() {
    return new Poll() {
      @Override
      public Encoded read(Caller caller, String id, Parameters more) {
        Snapshot snapshot = known.named(caller, id);
        return snapshot == null ? null : encoded(visible(snapshot));
      }

      @Override
      public Completable lookUp(Caller caller, String id, Parameters more) {
        return find(caller, id).ignoreElement();
      }
    };
  }

  /** A living service of the caller, looked up when it is not known here. */
  Single<Instance> find(Caller caller, String name) {
    return Single.defer(() -> known.findNamed(caller, name))
        .map(ExoscalePolls::visible)
        .map(Snapshot::instance);
  }

  /** Those of its backups that can be restored, newest first. */
  List<SeenBackup> backups(Instance instance) {
    return restorable(backups.of(instance));
  }

  private static List<SeenBackup> restorable(List<SeenBackup> seen) {
    return seen.stream()
        .filter(one -> one.phase() == Backup.Phase.COMPLETED && one.completedAt() != null)
        .sorted(
            Comparator.comparing(SeenBackup::completedAt)
                .reversed()
                .thenComparing(SeenBackup::shortId))
        .toList();
  }

  /** All but integrations and backups is made once per change; those come and go by themselves. */
  private Encoded encoded(Snapshot snapshot) {
    Encoded service = snapshot.encoded(Api.EXOSCALE, item);
    Instance instance = snapshot.instance();
    Snapshot source =
        instance.isReplica() ? cache.get(instance.replicaOf().orElseThrow().source()) : null;
    List<Snapshot> replicas = cache.replicas(instance.id());
    List<SeenBackup> seen = backups.of(instance);
    return seen.isEmpty() && replicas.isEmpty() && !instance.isReplica()
        ? service
        : snapshot.joined(
            new Around(ends(source, replicas), seen),
            () ->
                joined(service, ExoscaleIntegrations.of(snapshot, replicas, any -> source), seen));
  }

  private static List<End> ends(Snapshot source, List<Snapshot> replicas) {
    return Stream.concat(Stream.ofNullable(source), replicas.stream()).map(End::of).toList();
  }

  private static Encoded joined(Encoded service, JsonArray integrations, List<SeenBackup> seen) {
    List<SeenBackup> there = restorable(seen);
    if (there.isEmpty() && integrations.isEmpty()) {
      return service;
    }
    int end = service.body().length() - NO_BACKUPS.length();
    StringBuilder listed = new StringBuilder();
    if (!integrations.isEmpty()) {
      end -= NO_INTEGRATIONS.length();
      listed.append(integrations.encode());
    }
    JsonArray all = new JsonArray();
    there.forEach(one -> all.add(json(one)));
    listed.append(",\"backups\":").append(all.encode()).append('}');
    Buffer more = Buffer.buffer(listed.toString());
    Buffer body = service.body().getBuffer(0, end).appendBuffer(more);
    return Encoded.joined(body, service.etag() + Encoded.of(more).etag());
  }

  private static JsonObject json(SeenBackup backup) {
    return new JsonObject()
        .put("backup-name", backup.shortId())
        .put("backup-time", ExoscaleMapper.time(backup.completedAt()))
        .put("data-size", backup.sizeBytes());
  }

  private static JsonObject list(Listing listing, ExoscaleMapper mapper) {
    JsonArray services = new JsonArray();
    Map<UUID, Snapshot> known =
        listing.snapshots().stream()
            .collect(Collectors.toMap(snapshot -> snapshot.instance().id(), one -> one));
    Map<UUID, List<Snapshot>> replicas =
        listing.snapshots().stream()
            .filter(snapshot -> snapshot.instance().isReplica())
            .collect(
                Collectors.groupingBy(
                    snapshot -> snapshot.instance().replicaOf().orElseThrow().source()));
    listing.snapshots().stream()
        .filter(snapshot -> isVisible(snapshot.instance()))
        .forEach(
            snapshot ->
                services.add(
                    mapper.common(
                        snapshot,
                        ExoscaleIntegrations.of(
                            snapshot,
                            replicas.getOrDefault(snapshot.instance().id(), List.of()),
                            known::get))));
    return new JsonObject().put("dbaas-services", services);
  }

  private static Snapshot visible(Snapshot snapshot) {
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

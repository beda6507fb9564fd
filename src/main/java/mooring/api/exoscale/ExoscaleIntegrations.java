package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.KnownDatabases;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.PublicIds;
import mooring.api.Reply;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.Operation;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.status.Encoded;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/**
 * What services are connected by: a read replica with its source. Such a one goes by the replica's
 * id, since it begins and ends with it; no other is offered, and that is told.
 */
final class ExoscaleIntegrations implements Poll {
  private final ExoscalePolls polls;
  private final StatusCache cache;
  private final KnownDatabases known;
  private final Instances instances;

  ExoscaleIntegrations(
      ExoscalePolls polls, StatusCache cache, KnownDatabases known, Instances instances) {
    this.polls = polls;
    this.cache = cache;
    this.known = known;
    this.instances = instances;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "delete-dbaas-integration",
        this::delete,
        "list-dbaas-integration-types",
        call -> Single.just(none("dbaas-integration-types")),
        "list-dbaas-integration-settings",
        call -> Single.error(new ProblemException(notFound("integration type not found"))),
        "list-dbaas-external-integrations",
        this::external);
  }

  @Override
  public Encoded read(Caller caller, String id, Parameters more) {
    Snapshot found;
    try {
      found = known.get(caller, PublicIds.uuid(id));
    } catch (ProblemException e) {
      throw told(e);
    }
    return found == null ? null : Encoded.of(json(replica(found), cache::get).toBuffer());
  }

  @Override
  public Completable lookUp(Caller caller, String id, Parameters more) {
    return find(caller, id).ignoreElement();
  }

  /**
   * Those of a service, whichever end of them it is.
   *
   * @param replicas those that follow it
   * @param sources finds what it follows
   */
  static JsonArray of(Snapshot service, List<Snapshot> replicas, Function<UUID, Snapshot> sources) {
    JsonArray all = new JsonArray();
    if (service.instance().isReplica()) {
      all.add(json(service, sources));
    }
    replicas.stream()
        .filter(one -> one.instance().isReplica())
        .sorted(Comparator.comparing(one -> one.instance().handle()))
        .forEach(one -> all.add(json(one, any -> service)));
    return all;
  }

  private static JsonObject json(Snapshot replica, Function<UUID, Snapshot> sources) {
    Instance instance = replica.instance();
    Snapshot source = sources.apply(instance.replicaOf().orElseThrow().source());
    boolean active = active(replica) && source != null && source.status().serving();
    return new JsonObject()
        .put("id", instance.id().toString())
        .put("type", ExoscaleReplica.TYPE)
        .put("description", "read replica")
        .put("source", instance.replicaOf().orElseThrow().sourceHandle())
        .put("dest", instance.handle())
        .put("is-enabled", instance.follows())
        .put("is-active", active)
        .put("status", active ? "active" : instance.follows() ? "inactive" : "promoting")
        .put("settings", new JsonObject());
  }

  /** A copy is made before it follows, and one that is promoted does so no more. */
  private static boolean active(Snapshot replica) {
    Operation latest = replica.instance().operation();
    boolean made =
        latest.kind() != OperationKind.CREATE || latest.outcome() == Operation.Outcome.SUCCEEDED;
    return made && replica.instance().follows() && replica.status().serving();
  }

  /** Ends it: the replica goes on as a service of its own. */
  private Single<Reply> delete(Call call) {
    return find(call.caller(), call.id())
        .flatMap(replica -> instances.promote(call.caller(), replica.instance().shortId()))
        .map(ExoscaleOperations::reply);
  }

  private Single<Snapshot> find(Caller caller, String id) {
    return Single.defer(() -> known.find(caller, PublicIds.uuid(id)))
        .map(ExoscaleIntegrations::replica)
        .onErrorResumeNext(
            error ->
                Single.error(error instanceof ProblemException problem ? told(problem) : error));
  }

  private static Snapshot replica(Snapshot found) {
    if (!found.instance().isReplica()) {
      throw told(KnownDatabases.notFound());
    }
    return found;
  }

  private static ProblemException told(ProblemException problem) {
    return problem.problem() instanceof Problem.NotFound
        ? new ProblemException(notFound("integration not found"))
        : problem;
  }

  private Single<Reply> external(Call call) {
    return polls.find(call.caller(), call.id()).map(found -> none("external-integrations"));
  }

  private static Problem notFound(String message) {
    return new Problem.NotFound(message);
  }

  private static Reply none(String list) {
    return Reply.ok(new JsonObject().put(list, new JsonArray()).toBuffer());
  }
}

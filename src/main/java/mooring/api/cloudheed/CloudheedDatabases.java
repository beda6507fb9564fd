package mooring.api.cloudheed;

import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.Instances;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;

/** Databases made, renamed and deleted. */
final class CloudheedDatabases {
  private static final String PATH = "/v1/databases/";

  private final Instances instances;
  private final CloudheedPolls polls;
  private final CloudheedMapper mapper;
  private final CloudheedRequests requests;

  CloudheedDatabases(
      Instances instances,
      CloudheedPolls polls,
      CloudheedMapper mapper,
      CloudheedRequests requests) {
    this.instances = instances;
    this.polls = polls;
    this.mapper = mapper;
    this.requests = requests;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "createDatabase",
        this::create,
        "updateDatabase",
        this::update,
        "deleteDatabase",
        this::delete);
  }

  private Single<Reply> create(Call call) {
    return instances
        .create(call.caller(), requests.database(call.body()))
        .map(
            created -> {
              Instance instance = created.instance();
              return Reply.secret(
                  201,
                  mapper.created(
                      instance,
                      Lifecycle.status(instance, nothingSeen(instance)),
                      created.credentials().password()),
                  PATH + CloudheedIds.database(instance));
            });
  }

  private Single<Reply> update(Call call) {
    String name = call.body().getString("name");
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known -> {
              Instance instance = known.instance();
              return name == null || name.equals(instance.name())
                  ? Single.just(instance)
                  : instances.rename(call.caller(), instance.shortId(), name, true);
            })
        // Shown as it is known by now, which is never older than what was written here.
        .flatMap(renamed -> polls.find(call.caller(), call.id()))
        .map(known -> Reply.ok(mapper.database(known.instance(), known.status())));
  }

  private Single<Reply> delete(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMapCompletable(
            known -> {
              boolean underWay = known.instance().operation().kind() == OperationKind.DELETE;
              if (underWay && known.status().state() == InstanceState.DELETING) {
                throw new ProblemException(
                    new Problem.NotNow(
                        OperationKind.DELETE, known.status(), known.instance().spec().instances()));
              }
              return instances.delete(call.caller(), known.instance().shortId());
            })
        .andThen(Single.fromSupplier(Reply::noContent));
  }

  /** Nothing can be there of what was accepted just now. */
  static Observation nothingSeen(Instance instance) {
    return Observation.absent(instance.id(), 0);
  }
}

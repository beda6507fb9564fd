package mooring.api.ionos;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.BackupArchives;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.Lifecycle;
import mooring.core.Observation;
import mooring.core.Revised;
import mooring.core.Upgrades;

/** Clusters made, changed and deleted. */
final class IonosClusters {
  private final Instances instances;
  private final IonosPolls polls;
  private final IonosMapper mapper;
  private final IonosRequests requests;
  private final Upgrades upgrades;
  private final IonosBackups backups;
  private final BackupArchives archives;
  private final Clock clock;

  IonosClusters(
      Instances instances,
      IonosPolls polls,
      IonosMapper mapper,
      IonosRequests requests,
      Upgrades upgrades,
      IonosBackups backups,
      BackupArchives archives,
      Clock clock) {
    this.instances = instances;
    this.polls = polls;
    this.mapper = mapper;
    this.requests = requests;
    this.upgrades = upgrades;
    this.backups = backups;
    this.archives = archives;
    this.clock = clock;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "clustersPost", this::create,
        "clustersPatch", this::change,
        "clustersDelete", this::delete,
        "clusterRestorePost", new IonosRestore(instances, polls, backups, archives));
  }

  private Single<Reply> create(Call call) {
    JsonObject asked = call.body().getJsonObject("properties");
    return IonosOrigin.of(call.caller(), asked, backups, archives)
        .flatMap(origin -> instances.create(call.caller(), requests.cluster(call.body(), origin)))
        .map(created -> Reply.ok(mapper.cluster(created.instance(), IonosState.BUSY)));
  }

  private Single<Reply> change(Call call) {
    JsonObject asked = given(call.body().getJsonObject("properties"));
    IonosRevision revision = new IonosRevision(mapper, upgrades, asked, clock.instant());
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                instances.revise(
                    call.caller(), known.instance().shortId(), !asked.isEmpty(), revision::of))
        .map(Revised::instance)
        .flatMap(
            instance ->
                instance.operation().running()
                    // Also when it should be done by now: a client waits for the end of it.
                    ? Single.just(mapper.cluster(instance, underWay(instance)))
                    : polls.find(call.caller(), call.id()).map(now -> polls.encoded(now).body()))
        .map(Reply::ok);
  }

  private Single<Reply> delete(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                instances
                    .delete(call.caller(), known.instance().shortId())
                    .andThen(
                        Single.fromSupplier(
                            () ->
                                Reply.ok(
                                    mapper.cluster(known.instance(), IonosState.DESTROYING)))));
  }

  private static String underWay(Instance instance) {
    Observation nothing = Observation.absent(instance.id(), 0);
    return IonosState.word(Lifecycle.status(instance, nothing).state());
  }

  /** Null stands for unchanged, like a property that is left out. */
  private static JsonObject given(JsonObject properties) {
    JsonObject given = new JsonObject();
    properties.forEach(
        entry -> {
          if (entry.getValue() != null) {
            given.put(entry.getKey(), entry.getValue());
          }
        });
    return given;
  }
}

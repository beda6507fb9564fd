package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.Instance;
import mooring.core.Instances;
import mooring.core.MigrationWish;
import mooring.core.Updates;
import mooring.status.Snapshot;
import mooring.status.StatusCache;

/** Services made, changed and deleted. */
final class ExoscaleServices {
  private static final String VERSION = "version";

  private final Instances instances;
  private final StatusCache cache;
  private final ExoscalePolls polls;
  private final ExoscaleRequests requests;
  private final ExoscaleFork fork;
  private final ExoscaleReplica replica;
  private final Updates updates;
  private final Clock clock;

  ExoscaleServices(
      Instances instances,
      StatusCache cache,
      ExoscalePolls polls,
      ExoscaleRequests requests,
      ExoscaleFork fork,
      ExoscaleReplica replica,
      Updates updates,
      Clock clock) {
    this.instances = instances;
    this.cache = cache;
    this.polls = polls;
    this.requests = requests;
    this.fork = fork;
    this.replica = replica;
    this.updates = updates;
    this.clock = clock;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "create-dbaas-service-pg", this::create,
        "update-dbaas-service-pg", this::change,
        "delete-dbaas-service-pg", this::delete,
        "delete-dbaas-service", this::delete,
        "start-dbaas-pg-maintenance", this::maintain);
  }

  private Single<Reply> create(Call call) {
    Single<ExoscaleFork.Origin> from =
        ExoscaleReplica.isAsked(call.body())
            ? replica.of(call.caller(), call.id(), call.body())
            : fork.of(call.caller(), call.body());
    return from.flatMap(
            origin ->
                instances.create(call.caller(), requests.service(call.id(), call.body(), origin)))
        .map(created -> ExoscaleOperations.reply(created.instance()));
  }

  private Single<Reply> change(Call call) {
    Instant time = clock.instant();
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known -> {
              MigrationWish migration = requests.migration(call.body());
              return migration == null
                  ? revise(call, known, time)
                  : migrate(call, known, migration, time);
            });
  }

  private Single<Reply> revise(Call call, Instance known, Instant time) {
    return instances
        .revise(
            call.caller(),
            known.shortId(),
            wished(call.body()),
            now -> requests.revised(now, asked(known, call.body()), time))
        .map(revised -> ExoscaleOperations.reply(revised, wished(call.body())));
  }

  private Single<Reply> migrate(Call call, Instance known, MigrationWish wish, Instant time) {
    return instances
        .migrations()
        .begin(
            call.caller(),
            known.shortId(),
            wish,
            now -> {
              if (!requests.revised(now, asked(known, call.body()), time).equals(now)) {
                ExoscaleRules rules = new ExoscaleRules();
                rules.refuse(
                    ExoscaleSource.MEMBER, "cannot be asked for together with other changes");
                throw rules.refusal();
              }
            })
        .map(ExoscaleOperations::reply);
  }

  /** Whoever sends the version as it is shown means that of now. */
  private JsonObject asked(Instance known, JsonObject body) {
    Snapshot shown = cache.get(known.id());
    return shown != null && ExoscaleMapper.version(shown).equals(body.getValue(VERSION))
        ? body.copy().put(VERSION, shown.instance().spec().version())
        : body;
  }

  /** Protection is no matter of the servers. */
  private static boolean wished(JsonObject asked) {
    return asked.fieldNames().stream()
        .anyMatch(member -> !member.equals(ExoscalePolicy.PROTECTION));
  }

  private Single<Reply> delete(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                instances
                    .delete(call.caller(), known.shortId())
                    .andThen(Single.fromSupplier(() -> latest(known))))
        .map(ExoscaleOperations::reply);
  }

  /** With the newest minor version where that is another; else it is restarted as it is. */
  private Single<Reply> maintain(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                updates
                    .newer(known)
                    .filter(image -> !image.equals(known.setup().image()))
                    .flatMapSingle(image -> instances.update(call.caller(), known, image))
                    .switchIfEmpty(
                        Single.defer(() -> instances.restart(call.caller(), known.shortId()))))
        .map(ExoscaleOperations::reply);
  }

  /** What was just written is known here before anybody is answered. */
  private Instance latest(Instance known) {
    return cache.get(known.id()).instance();
  }
}

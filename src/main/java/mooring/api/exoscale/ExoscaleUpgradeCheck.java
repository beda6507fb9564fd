package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.PublicIds;
import mooring.api.Reply;
import mooring.core.Problem;
import mooring.core.ProblemException;
import mooring.core.Task;
import mooring.core.TaskStore;
import mooring.core.UpgradeChecks;

/** Whether services can be upgraded, and the tasks that have told. */
final class ExoscaleUpgradeCheck {
  private final ExoscalePolls polls;
  private final UpgradeChecks checks;
  private final TaskStore tasks;

  ExoscaleUpgradeCheck(ExoscalePolls polls, UpgradeChecks checks, TaskStore tasks) {
    this.polls = polls;
    this.checks = checks;
    this.tasks = tasks;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of("create-dbaas-pg-upgrade-check", this::check, "get-dbaas-task", this::get);
  }

  private Single<Reply> check(Call call) {
    String target = call.body().getString("target-version");
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> checks.run(known, target))
        .map(ExoscaleUpgradeCheck::reply);
  }

  private Single<Reply> get(Call call) {
    UUID id = PublicIds.uuid(call.path().get("id"));
    return polls
        .find(call.caller(), call.id())
        .flatMapMaybe(known -> id == null ? Maybe.<Task>empty() : tasks.find(known.id(), id))
        .map(ExoscaleUpgradeCheck::reply)
        .switchIfEmpty(
            Single.error(() -> new ProblemException(new Problem.NotFound("task not found"))));
  }

  private static Reply reply(Task task) {
    JsonArray codes = new JsonArray();
    for (Task.Code one : task.codes()) {
      JsonObject code = new JsonObject().put("code", one.code());
      codes.add(one.database() == null ? code : code.put("dbname", one.database()));
    }
    return Reply.ok(
        new JsonObject()
            .put("id", task.id().toString())
            .put("create-time", ExoscaleMapper.time(task.createdAt()))
            .put("task-type", "upgrade_check")
            .put("success", task.success())
            .put("result", task.result())
            .put("result-codes", codes)
            .toBuffer());
  }
}

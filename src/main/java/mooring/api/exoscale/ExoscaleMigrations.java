package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.DatabaseMigrations;
import mooring.core.Instance;
import mooring.core.Migration;
import mooring.core.OperationKind;
import mooring.core.Problem;
import mooring.core.ProblemException;

/** Migrations into services: how they stand, from memory, and their stop. */
final class ExoscaleMigrations {
  private static final String RUNNING = "running";
  private static final String FAILED = "failed";
  private static final String DONE = "done";

  private final ExoscalePolls polls;
  private final DatabaseMigrations migrations;

  ExoscaleMigrations(ExoscalePolls polls, DatabaseMigrations migrations) {
    this.polls = polls;
    this.migrations = migrations;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of("get-dbaas-migration-status", this::get, "stop-dbaas-pg-migration", this::stop);
  }

  private Single<Reply> get(Call call) {
    return polls.find(call.caller(), call.id()).map(ExoscaleMigrations::status);
  }

  private Single<Reply> stop(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(known -> migrations.stop(call.caller(), known.shortId()))
        .map(stopped -> ExoscaleOperations.reply(stopped, false));
  }

  private static Reply status(Instance service) {
    Migration migration = service.migration();
    if (migration == null) {
      throw new ProblemException(new Problem.NotFound("the service has no migration"));
    }
    String status = word(service);
    JsonObject json = new JsonObject().put("status", status).put("method", ExoscaleSource.METHOD);
    if (status.equals(FAILED)) {
      json.put("error", error(migration));
    }
    JsonArray details = new JsonArray();
    migration.copies().forEach(copy -> details.add(detail(copy, status)));
    return Reply.ok(json.put("details", details).toBuffer());
  }

  private static String word(Instance service) {
    return switch (service.migration().phase()) {
      case WAITING -> "pending";
      case RUNNING -> {
        boolean goesOn =
            service.operation().kind() == OperationKind.MIGRATE && service.operation().running();
        yield goesOn ? RUNNING : FAILED;
      }
      case DONE -> DONE;
      case FAILED, STOPPED -> FAILED;
    };
  }

  /** One that was ended by something else has said nothing. */
  private static String error(Migration migration) {
    return migration.phase() == Migration.Phase.FAILED && migration.error() != null
        ? ExoscaleWords.of(migration.error())
        : "the migration was stopped";
  }

  private static JsonObject detail(Migration.Copy copy, String status) {
    JsonObject json = new JsonObject().put("dbname", copy.database());
    json.put("method", ExoscaleSource.METHOD);
    return switch (copy.state()) {
      case DONE -> json.put("status", DONE);
      case FAILED -> json.put("status", FAILED).put("error", copy.error());
      case UNDER_WAY ->
          status.equals(RUNNING)
              ? json.put("status", RUNNING)
              : json.put("status", FAILED).put("error", "it was not copied");
    };
  }
}

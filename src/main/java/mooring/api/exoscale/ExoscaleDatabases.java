package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.LogicalDatabases;

/** The databases within services. */
final class ExoscaleDatabases {
  /** The locale of every server. */
  private static final String LOCALE = "C";

  private final LogicalDatabases logical;
  private final ExoscalePolls polls;

  ExoscaleDatabases(LogicalDatabases logical, ExoscalePolls polls) {
    this.logical = logical;
    this.polls = polls;
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of(
        "create-dbaas-pg-database", this::create, "delete-dbaas-pg-database", this::delete);
  }

  private Single<Reply> create(Call call) {
    requireLocale(call.body());
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                logical.create(
                    call.caller(),
                    known.shortId(),
                    call.body().getString("database-name"),
                    known.owner()))
        .map(ExoscaleOperations::reply);
  }

  private Single<Reply> delete(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                logical.beginDelete(
                    call.caller(), known.shortId(), call.path().get("databaseName")))
        .map(ExoscaleOperations::reply);
  }

  private static void requireLocale(JsonObject asked) {
    ExoscaleRules rules = new ExoscaleRules();
    for (String member : List.of("lc-collate", "lc-ctype")) {
      String locale = asked.getString(member);
      if (locale != null && !locale.equals(LOCALE)) {
        rules.refuse(member, "must be " + LOCALE + ": no other locale is offered here");
      }
    }
    rules.requireNone();
  }
}

package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Reply;
import mooring.core.LogicalDatabase;
import mooring.core.LogicalDatabases;

/** The databases within services. */
final class ExoscaleDatabases {
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
    LogicalDatabase.Locale locale =
        new LogicalDatabase.Locale(
            call.body().getString("lc-collate"), call.body().getString("lc-ctype"));
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                logical.create(
                    call.caller(),
                    known.shortId(),
                    call.body().getString("database-name"),
                    known.owner(),
                    locale))
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
}

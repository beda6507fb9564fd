package mooring.api.ionos;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mooring.api.Call;
import mooring.api.Command;
import mooring.api.Parameters;
import mooring.api.Poll;
import mooring.api.Reply;
import mooring.core.Instance;
import mooring.core.LogicalDatabases;

/** The databases within clusters: those that a cluster was made with, and those made since. */
final class IonosDatabases {
  private static final String NAME = "databasename";

  private final LogicalDatabases logical;
  private final IonosPolls polls;
  private final IonosWithin databases;

  IonosDatabases(LogicalDatabases logical, IonosPolls polls) {
    this.logical = logical;
    this.polls = polls;
    this.databases = new IonosWithin(polls, "database", "databases", NAME);
  }

  /** By operationId. */
  Map<String, Poll> polls() {
    return Map.of(
        "databasesList", databases.list(this::all), "databasesGet", databases.get(this::find));
  }

  /** By operationId. */
  Map<String, Command> commands() {
    return Map.of("databasesPost", this::create, "databasesDelete", this::delete);
  }

  private Single<Reply> create(Call call) {
    JsonObject asked = call.body().getJsonObject("properties");
    String name = asked.getString("name");
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                logical.create(
                    call.caller(), known.instance().shortId(), name, asked.getString("owner")))
        .map(
            instance -> Reply.ok(find(instance, name).orElseThrow(databases::notFound).toBuffer()));
  }

  private Single<Reply> delete(Call call) {
    return polls
        .find(call.caller(), call.id())
        .flatMap(
            known ->
                logical
                    .delete(call.caller(), known.instance().shortId(), call.path().get(NAME))
                    .toSingle(Reply::noContent));
  }

  private List<JsonObject> all(Instance instance, Parameters unused) {
    return Stream.concat(
            instance.firstDatabases().stream().map(name -> first(instance, name)),
            instance.contents().databases().stream()
                .map(one -> database(instance, one.name(), one.owner(), one.createdAt())))
        .toList();
  }

  private Optional<JsonObject> find(Instance instance, String name) {
    return instance.firstDatabases().contains(name)
        ? Optional.of(first(instance, name))
        : instance
            .contents()
            .database(name)
            .map(one -> database(instance, name, one.owner(), one.createdAt()));
  }

  private JsonObject first(Instance instance, String name) {
    return database(instance, name, instance.owner(), instance.createdAt());
  }

  private JsonObject database(Instance instance, String name, String owner, Instant created) {
    JsonObject properties = new JsonObject().put("name", name).put("owner", owner);
    return databases.resource(instance, name, false, created, created, properties);
  }
}

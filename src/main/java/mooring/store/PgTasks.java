package mooring.store;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.sqlclient.Row;
import java.util.List;
import java.util.UUID;
import mooring.core.Task;
import mooring.core.TaskStore;

/** What was looked into, in PostgreSQL. */
final class PgTasks implements TaskStore {
  private static final int KEPT = 100;

  private static final String INSERT =
      """
      WITH earlier AS (
        DELETE FROM task WHERE id IN (
          SELECT id FROM task WHERE instance = $2 ORDER BY created_at DESC, id OFFSET $7))
      INSERT INTO task (id, instance, created_at, succeeded, result, codes)
      VALUES ($1, $2, $3, $4, $5, $6)
      """;

  private static final String FIND =
      """
      SELECT id, instance, created_at, succeeded, result, codes FROM task
      WHERE instance = $1 AND id = $2
      """;

  private final Database database;

  PgTasks(Database database) {
    this.database = database;
  }

  @Override
  public Completable keep(Task task) {
    return database
        .statement(
            client ->
                Sql.run(
                        client,
                        INSERT,
                        task.id(),
                        task.instance(),
                        BackupRows.time(task.createdAt()),
                        task.success(),
                        task.result(),
                        codes(task.codes()),
                        KEPT - 1)
                    .toMaybe())
        .ignoreElement();
  }

  @Override
  public Maybe<Task> find(UUID instance, UUID id) {
    return database.statement(client -> Sql.first(client, PgTasks::task, FIND, instance, id));
  }

  private static Task task(Row row) {
    return new Task(
        row.getUUID("id"),
        row.getUUID("instance"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getBoolean("succeeded"),
        row.getString("result"),
        row.getJsonArray("codes").stream().map(one -> code((JsonObject) one)).toList());
  }

  private static Task.Code code(JsonObject json) {
    return new Task.Code(json.getString("code"), json.getString("database"));
  }

  private static JsonArray codes(List<Task.Code> codes) {
    JsonArray json = new JsonArray();
    codes.forEach(
        one -> json.add(new JsonObject().put("code", one.code()).put("database", one.database())));
    return json;
  }
}

package mooring.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import mooring.core.Contents;
import mooring.core.LogicalDatabase;
import mooring.core.Role;
import mooring.core.Stage;

/** The roles and logical databases within an instance as one column holds them. */
final class ContentsJson {
  private static final String ROLES = "roles";
  private static final String DATABASES = "databases";
  private static final String NAME = "name";
  private static final String REPLICATION = "replication";
  private static final String COLLATE = "collate";
  private static final String CTYPE = "ctype";
  private static final String STAGE = "stage";
  private static final String CREATED_AT = "createdAt";
  private static final String MODIFIED_AT = "modifiedAt";

  private ContentsJson() {}

  static JsonObject of(Contents contents) {
    JsonArray roles = new JsonArray();
    contents.roles().forEach(role -> roles.add(role(role)));
    JsonArray databases = new JsonArray();
    contents.databases().forEach(database -> databases.add(database(database)));
    return new JsonObject().put(ROLES, roles).put(DATABASES, databases);
  }

  static Contents parse(JsonObject json) {
    return json.isEmpty()
        ? Contents.NONE
        : new Contents(
            all(json, ROLES, ContentsJson::role), all(json, DATABASES, ContentsJson::database));
  }

  private static JsonObject role(Role role) {
    return new JsonObject()
        .put("id", role.id().toString())
        .put(NAME, role.name())
        .put(REPLICATION, role.replication())
        .put(STAGE, role.stage().name())
        .put(CREATED_AT, role.createdAt().toString())
        .put(MODIFIED_AT, role.modifiedAt().toString());
  }

  private static Role role(JsonObject json) {
    return new Role(
        UUID.fromString(json.getString("id")),
        json.getString(NAME),
        json.getBoolean(REPLICATION, false),
        Stage.valueOf(json.getString(STAGE)),
        Instant.parse(json.getString(CREATED_AT)),
        Instant.parse(json.getString(MODIFIED_AT)));
  }

  private static JsonObject database(LogicalDatabase database) {
    return new JsonObject()
        .put("id", database.id().toString())
        .put(NAME, database.name())
        .put("owner", database.owner())
        .put(COLLATE, database.locale().collate())
        .put(CTYPE, database.locale().ctype())
        .put(STAGE, database.stage().name())
        .put(CREATED_AT, database.createdAt().toString());
  }

  private static LogicalDatabase database(JsonObject json) {
    return new LogicalDatabase(
        UUID.fromString(json.getString("id")),
        json.getString(NAME),
        json.getString("owner"),
        new LogicalDatabase.Locale(json.getString(COLLATE), json.getString(CTYPE)),
        Stage.valueOf(json.getString(STAGE)),
        Instant.parse(json.getString(CREATED_AT)));
  }

  private static <T> List<T> all(JsonObject json, String key, Function<JsonObject, T> one) {
    return json.getJsonArray(key, new JsonArray()).stream()
        .map(item -> one.apply((JsonObject) item))
        .toList();
  }
}

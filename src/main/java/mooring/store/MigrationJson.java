package mooring.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import mooring.core.Migration;

/** The migration into an instance as one column holds it. */
final class MigrationJson {
  private static final String SOURCE = "source";
  private static final String PHASE = "phase";
  private static final String ADDRESS = "address";
  private static final String LISTED = "listed";
  private static final String COPIES = "copies";
  private static final String ERROR = "error";
  private static final String DATABASE = "database";
  private static final String STATE = "state";

  private MigrationJson() {}

  /** Null for none. */
  static JsonObject of(Migration migration) {
    if (migration == null) {
      return null;
    }
    Migration.Source source = migration.source();
    JsonArray copies = new JsonArray();
    for (Migration.Copy copy : migration.copies()) {
      copies.add(
          new JsonObject()
              .put(DATABASE, copy.database())
              .put(STATE, copy.state().name())
              .put(ERROR, copy.error()));
    }
    return new JsonObject()
        .put(
            SOURCE,
            new JsonObject()
                .put("host", source.host())
                .put("port", source.port())
                .put("username", source.username())
                .put(DATABASE, source.database())
                .put("encrypted", source.encrypted()))
        .put(PHASE, migration.phase().name())
        .put(ADDRESS, migration.address())
        .put(LISTED, migration.listed())
        .put(COPIES, copies)
        .put(ERROR, migration.error());
  }

  /** Null for none. */
  static Migration parse(JsonObject json) {
    if (json == null) {
      return null;
    }
    JsonObject source = json.getJsonObject(SOURCE);
    List<Migration.Copy> copies = new ArrayList<>();
    for (Object one : json.getJsonArray(COPIES)) {
      JsonObject copy = (JsonObject) one;
      copies.add(
          new Migration.Copy(
              copy.getString(DATABASE),
              Migration.State.valueOf(copy.getString(STATE)),
              copy.getString(ERROR)));
    }
    return new Migration(
        new Migration.Source(
            source.getString("host"),
            source.getInteger("port"),
            source.getString("username"),
            source.getString(DATABASE),
            source.getBoolean("encrypted")),
        Migration.Phase.valueOf(json.getString(PHASE)),
        json.getString(ADDRESS),
        json.getBoolean(LISTED),
        copies,
        json.getString(ERROR));
  }
}

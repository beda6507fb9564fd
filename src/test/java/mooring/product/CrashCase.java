package mooring.product;

import io.vertx.core.json.JsonObject;

/** A database, what is asked of it, and the moment of that at which everything is killed. */
record CrashCase(JsonObject shown, String change, String moment, boolean serversToo) {
  static final boolean ALONE = false;
  static final boolean WITH_SERVERS = true;

  /** A case whose database is not made yet. */
  record Plan(String change, String moment, boolean serversToo) {
    CrashCase of(JsonObject shown) {
      return new CrashCase(shown, change, moment, serversToo);
    }
  }

  String id() {
    return shown.getString("id");
  }

  @Override
  public String toString() {
    return change + " of " + id() + ", " + moment;
  }
}

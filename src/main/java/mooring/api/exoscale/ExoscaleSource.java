package mooring.api.exoscale;

import io.vertx.core.json.JsonObject;
import mooring.core.Migration;
import mooring.core.MigrationWish;
import mooring.core.SourceAddresses;

/** The source of a migration, as a request names it. */
final class ExoscaleSource {
  static final String MEMBER = "migration";
  static final String METHOD = "dump";

  private static final String POSTGRES = "postgres";

  private ExoscaleSource() {}

  /**
   * The migration that a body asks for.
   *
   * @return null for none
   */
  static MigrationWish asked(JsonObject body, SourceAddresses sources, ExoscaleRules rules) {
    JsonObject asked = body.getJsonObject(MEMBER);
    if (asked == null) {
      return null;
    }
    String host = asked.getString("host");
    sources.refusal(host).ifPresent(why -> rules.refuse(MEMBER + ".host", why));
    if (!METHOD.equals(asked.getString("method", METHOD))) {
      rules.refuse(MEMBER + ".method", "must be dump: replication is not offered here");
    }
    return new MigrationWish(
        new Migration.Source(
            host,
            asked.getInteger("port"),
            asked.getString("username", POSTGRES),
            asked.getString("dbname", POSTGRES),
            asked.getBoolean("ssl")),
        asked.getString("password", ""));
  }
}

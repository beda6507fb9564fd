package mooring.api.exoscale;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import mooring.core.Caller;
import mooring.core.Instance;

/** A new service that is to follow another one: what it holds is what that one holds. */
final class ExoscaleReplica {
  static final String INTEGRATIONS = "integrations";

  /** The one type of integrations that a service can be made with. */
  static final String TYPE = "read_replica";

  /** A copy that follows has all of these from its source. */
  private static final List<String> NOT_TOGETHER =
      List.of(ExoscaleFork.SOURCE, "recovery-backup-time", "admin-username", "admin-password");

  private final ExoscalePolls polls;

  ExoscaleReplica(ExoscalePolls polls) {
    this.polls = polls;
  }

  /** Whether a create asks for one. */
  static boolean isAsked(JsonObject asked) {
    JsonArray integrations = asked.getJsonArray(INTEGRATIONS);
    return integrations != null && !integrations.isEmpty();
  }

  /** The service that one of a name is to follow; refuses one that is not there. */
  Single<ExoscaleFork.Origin> of(Caller caller, String name, JsonObject asked) {
    JsonArray integrations = asked.getJsonArray(INTEGRATIONS);
    JsonObject integration = integrations.getJsonObject(0);
    ExoscaleRules rules = new ExoscaleRules();
    if (integrations.size() > 1) {
      rules.refuse(INTEGRATIONS, "must be one at most");
    }
    String source = integration.getString("source-service");
    if (source == null) {
      rules.refuse(member("source-service"), "must name the service to follow");
    }
    if (!name.equals(integration.getString("dest-service", name))) {
      rules.refuse(member("dest-service"), "must be the new service");
    }
    if (!integration.getJsonObject("settings", new JsonObject()).isEmpty()) {
      rules.refuse(member("settings"), "must be empty: there are none");
    }
    for (String other : NOT_TOGETHER) {
      if (asked.getValue(other) != null) {
        rules.refuse(other, "cannot be given for a read replica: it is as in its source");
      }
    }
    rules.requireNone();
    return polls.find(caller, source).map(ExoscaleReplica::origin);
  }

  private static ExoscaleFork.Origin origin(Instance source) {
    return new ExoscaleFork.Origin(source, null, true);
  }

  private static String member(String name) {
    return INTEGRATIONS + "[0]." + name;
  }
}

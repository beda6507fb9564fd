package mooring.store;

import io.vertx.core.json.JsonObject;
import mooring.core.Policy;

/** The rules that an instance is kept by, within its setup. */
final class PolicyJson {
  private static final String DELETION_PROTECTED = "deletionProtected";

  private PolicyJson() {}

  static JsonObject of(Policy policy) {
    return new JsonObject().put(DELETION_PROTECTED, policy.deletionProtected());
  }

  static Policy parse(JsonObject json) {
    return json == null ? Policy.NONE : new Policy(json.getBoolean(DELETION_PROTECTED, false));
  }
}

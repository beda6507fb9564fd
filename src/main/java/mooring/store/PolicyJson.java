package mooring.store;

import io.vertx.core.json.JsonObject;
import mooring.core.Policy;

/** The rules that an instance is kept by, within its setup. */
final class PolicyJson {
  private static final String DELETION_PROTECTED = "deletionProtected";
  private static final String SHARED_BUFFERS = "sharedBuffersPercentage";
  private static final String FAILOVER_DELAY = "failoverDelaySeconds";

  private PolicyJson() {}

  static JsonObject of(Policy policy) {
    return new JsonObject()
        .put(DELETION_PROTECTED, policy.deletionProtected())
        .put(SHARED_BUFFERS, policy.sharedBuffersPercentage())
        .put(FAILOVER_DELAY, policy.failoverDelaySeconds());
  }

  static Policy parse(JsonObject json) {
    return json == null
        ? Policy.NONE
        : new Policy(
            json.getBoolean(DELETION_PROTECTED, false),
            json.getInteger(SHARED_BUFFERS, 0),
            json.getInteger(FAILOVER_DELAY, 0));
  }
}

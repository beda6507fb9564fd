package mooring.api;

import io.vertx.core.json.JsonObject;
import mooring.core.Caller;

/**
 * A request that has been let in and found valid.
 *
 * @param caller who asks
 * @param id the path parameter; null when the path has none
 * @param body the validated body; null when the operation takes none
 */
public record Call(Caller caller, String id, JsonObject body) {}

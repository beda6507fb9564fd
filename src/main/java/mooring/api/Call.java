package mooring.api;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import mooring.core.Caller;

/**
 * A request that has been let in and found valid.
 *
 * @param caller who asks
 * @param id the path's first parameter, which names what is asked about; null when it has none
 * @param path the path parameters by name
 * @param query the first value of each query parameter by name
 * @param body the validated body, empty when it may be left out and was; null when the operation
 *     takes none
 */
public record Call(
    Caller caller,
    String id,
    Map<String, String> path,
    Map<String, String> query,
    JsonObject body) {}

package mooring.api;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import mooring.core.Caller;

/**
 * A request that has been let in and found valid.
 *
 * @param caller who asks
 * @param path the path parameters by name
 * @param body the validated body, empty when it may be left out and was; null when the operation
 *     takes none
 */
public record Call(Caller caller, Map<String, String> path, JsonObject body) {
  private static final String ID = "id";

  /** The path parameter of that name; null when the path has none. */
  public String id() {
    return path.get(ID);
  }
}

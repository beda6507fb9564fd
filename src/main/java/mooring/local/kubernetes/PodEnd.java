package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A Pod that a node runs is not gone with a delete: it is marked, and whoever runs it deletes it
 * without grace once its processes have ended.
 */
final class PodEnd {
  private static final String POD = "Pod";
  private static final int DEFAULT_SECONDS = 30;
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private PodEnd() {}

  /** Whether a Pod that is marked has not been reported to have ended. */
  static boolean isAwaited(ResourceType type, ObjectNode object) {
    return type.kind().equals(POD)
        && object.path("metadata").path("deletionGracePeriodSeconds").asInt() > 0;
  }

  /** How long a delete lets an object go on. */
  static int graceSeconds(Stored live, OptionalInt asked) {
    ObjectNode object = live.json();
    JsonNode spec = object.path("spec");
    boolean runs =
        live.key().type().kind().equals(POD)
            && !spec.path("nodeName").asText().isEmpty()
            && !ENDED.contains(object.path("status").path("phase").asText());
    if (!runs) {
      return 0;
    }
    int seconds = asked.orElse(spec.path("terminationGracePeriodSeconds").asInt(DEFAULT_SECONDS));
    return live.deleting()
        ? Math.min(
            seconds, object.path("metadata").path("deletionGracePeriodSeconds").asInt(seconds))
        : seconds;
  }
}

package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/** What {@code kubectl get} prints of Pods and StatefulSets, told from several fields. */
final class WorkloadColumns {
  private WorkloadColumns() {}

  static JsonNode readyReplicas(ObjectNode set) {
    return of(
        set.path("status").path("readyReplicas").asInt(),
        set.path("spec").path("replicas").asInt());
  }

  static JsonNode readyContainers(ObjectNode pod) {
    int ready = 0;
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      ready += container.path("ready").asBoolean() ? 1 : 0;
    }
    return of(ready, pod.path("spec").path("containers").size());
  }

  /** The reason why a container waits or has ended says more than the phase. */
  static JsonNode podStatus(ObjectNode pod) {
    if (Meta.deleting(pod)) {
      return TextNode.valueOf("Terminating");
    }
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      for (String state : List.of("waiting", "terminated")) {
        JsonNode reason = container.path("state").path(state).path("reason");
        if (reason.isTextual()) {
          return reason;
        }
      }
    }
    return pod.path("status").path("phase");
  }

  static JsonNode restarts(ObjectNode pod) {
    int restarts = 0;
    for (JsonNode container : pod.path("status").path("containerStatuses")) {
      restarts += container.path("restartCount").asInt();
    }
    return IntNode.valueOf(restarts);
  }

  private static JsonNode of(int part, int whole) {
    return TextNode.valueOf(part + "/" + whole);
  }
}

package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The status of a Pod that is to come to an end, in the kubelet's words. */
final class TaskReport {
  /** The kubelet takes the end of a longer one. */
  private static final int MAX_MESSAGE_BYTES = 4096;

  private TaskReport() {}

  static Map<String, Object> waiting(Pod pod, WaitingException why) {
    return fields(
        pod,
        "Pending",
        Map.of("waiting", Map.of("reason", why.reason(), "message", why.getMessage())));
  }

  static Map<String, Object> running(Pod pod, Instant since) {
    return fields(pod, "Running", Map.of("running", Map.of("startedAt", time(since))));
  }

  static Map<String, Object> ended(Pod pod, Instant since, int exitCode, String said) {
    Map<String, Object> terminated = new HashMap<>();
    terminated.put("exitCode", exitCode);
    terminated.put("reason", exitCode == 0 ? "Completed" : "Error");
    terminated.put("startedAt", time(since));
    terminated.put("finishedAt", time(Instant.now()));
    terminated.put("message", tail(said));
    return fields(pod, exitCode == 0 ? "Succeeded" : "Failed", Map.of("terminated", terminated));
  }

  private static String tail(String said) {
    byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
    int begin = Math.max(0, bytes.length - MAX_MESSAGE_BYTES);
    return new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8);
  }

  private static Map<String, Object> fields(Pod pod, String phase, Map<String, Object> state) {
    Container container = pod.getSpec().getContainers().get(0);
    return Map.of(
        "phase",
        phase,
        "containerStatuses",
        List.of(
            Map.of(
                "name",
                container.getName(),
                "image",
                container.getImage(),
                "imageID",
                "",
                "ready",
                phase.equals("Running"),
                "restartCount",
                0,
                "state",
                state)),
        "startTime",
        pod.getMetadata().getCreationTimestamp());
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

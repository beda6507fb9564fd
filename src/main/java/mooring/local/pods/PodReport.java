package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Pod's status in the kubelet's words. */
final class PodReport {
  private static final String NOT_READY = "containers with unready status: [%s]";

  private final Pod pod;
  private final PodRun run;
  private final String address;

  PodReport(Pod pod, PodRun run, String address) {
    this.pod = pod;
    this.run = run;
    this.address = address;
  }

  Map<String, Object> fields() {
    boolean ready = run.isReady();
    boolean begun = run.isRunning() || run.lastEnd != null;
    List<Map<String, Object>> conditions = new ArrayList<>();
    conditions.add(condition("PodScheduled", true));
    conditions.add(condition("Initialized", true));
    conditions.add(condition("ContainersReady", ready));
    conditions.add(condition("Ready", ready));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("phase", begun ? "Running" : "Pending");
    fields.put("conditions", conditions);
    fields.put(
        "containerStatuses", pod.getSpec().getContainers().stream().map(this::container).toList());
    fields.put("hostIP", "127.0.0.1");
    fields.put("podIP", address);
    fields.put("podIPs", List.of(Map.of("ip", address)));
    fields.put("startTime", pod.getMetadata().getCreationTimestamp());
    return fields;
  }

  private Map<String, Object> condition(String type, boolean holds) {
    String status = holds ? "True" : "False";
    Instant since = run.since.computeIfAbsent(type + status, key -> Instant.now());
    run.since.remove(type + (holds ? "False" : "True"));
    Map<String, Object> condition = new HashMap<>();
    condition.put("type", type);
    condition.put("status", status);
    condition.put("lastTransitionTime", time(since));
    if (!holds) {
      condition.put("reason", "ContainersNotReady");
      condition.put("message", NOT_READY.formatted(pod.getSpec().getContainers().get(0).getName()));
    }
    return condition;
  }

  private Map<String, Object> container(Container container) {
    Map<String, Object> status = new HashMap<>();
    status.put("name", container.getName());
    status.put("image", container.getImage());
    status.put("imageID", "");
    status.put("ready", run.isReady());
    status.put("started", run.isRunning() && run.health.isStarted());
    status.put("restartCount", run.restarts);
    status.put("state", state());
    status.put(
        "lastState", run.lastEnd == null ? Map.of() : Map.of("terminated", ended(run.lastEnd)));
    return status;
  }

  private Map<String, Object> state() {
    if (run.isRunning()) {
      return Map.of("running", Map.of("startedAt", time(run.process.startedAt())));
    }
    Map<String, Object> waiting = new HashMap<>();
    waiting.put("reason", run.waitingReason);
    if (!run.waitingMessage.isEmpty()) {
      waiting.put("message", run.waitingMessage);
    }
    return Map.of("waiting", waiting);
  }

  private static Map<String, Object> ended(PodRun.End end) {
    Map<String, Object> terminated = new HashMap<>();
    terminated.put("exitCode", end.exitCode());
    terminated.put("reason", end.exitCode() == 0 ? "Completed" : "Error");
    terminated.put("startedAt", time(end.startedAt()));
    terminated.put("finishedAt", time(end.finishedAt()));
    if (!end.message().isEmpty()) {
      terminated.put("message", end.message());
    }
    return terminated;
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

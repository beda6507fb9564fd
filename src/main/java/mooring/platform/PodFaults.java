package mooring.platform;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads from a pod whether it is ready, and what keeps it from ever becoming so. */
final class PodFaults {
  /** Why a container waits, when it does so in vain. It is tried again, and may heal. */
  private static final Set<String> LASTING =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "RegistryUnavailable",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  /** One restart may be an accident. */
  private static final int MANY_RESTARTS = 2;

  private PodFaults() {}

  static boolean ready(Pod pod) {
    return condition(pod, "Ready").filter(ready -> "True".equals(ready.getStatus())).isPresent();
  }

  /** The kubelet's words, or the scheduler's, for what is wrong; empty when nothing lasting is. */
  static Optional<String> of(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null || pod.getStatus() == null) {
      return Optional.empty();
    }
    return unschedulable(pod)
        .or(
            () ->
                containers(pod).stream()
                    .map(container -> waiting(container).or(() -> ending(container)))
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  private static Optional<String> unschedulable(Pod pod) {
    return condition(pod, "PodScheduled")
        .filter(scheduled -> "False".equals(scheduled.getStatus()))
        .filter(scheduled -> "Unschedulable".equals(scheduled.getReason()))
        .map(scheduled -> words(scheduled.getReason(), scheduled.getMessage()));
  }

  private static Optional<String> waiting(ContainerStatus container) {
    ContainerStateWaiting waiting = waitingState(container);
    if (waiting == null || !LASTING.contains(String.valueOf(waiting.getReason()))) {
      return Optional.empty();
    }
    return Optional.of(words(waiting.getReason(), waiting.getMessage()) + lastExit(container));
  }

  /** Between two of the waits: it runs for a while, or has just ended, before it waits again. */
  private static Optional<String> ending(ContainerStatus container) {
    Integer restarts = container.getRestartCount();
    boolean again =
        !Boolean.TRUE.equals(container.getReady()) && restarts != null && restarts >= MANY_RESTARTS;
    String exit = lastExit(container);
    return again && waitingState(container) == null && !exit.isEmpty()
        ? Optional.of("the server keeps ending" + exit)
        : Optional.empty();
  }

  private static ContainerStateWaiting waitingState(ContainerStatus container) {
    ContainerState state = container.getState();
    return state == null ? null : state.getWaiting();
  }

  /** How it ended before: the waiting itself says no more than that it did. */
  private static String lastExit(ContainerStatus container) {
    ContainerState last = container.getLastState();
    ContainerStateTerminated ended = last == null ? null : last.getTerminated();
    if (ended == null) {
      return "";
    }
    String reason = ended.getReason() == null ? "" : " (" + ended.getReason() + ")";
    String message = ended.getMessage() == null ? "" : ": " + ended.getMessage().strip();
    return "; the last exit was " + ended.getExitCode() + reason + message;
  }

  private static String words(String reason, String message) {
    return message == null || message.isBlank() ? reason : reason + ": " + message;
  }

  private static List<ContainerStatus> containers(Pod pod) {
    List<ContainerStatus> statuses = pod.getStatus().getContainerStatuses();
    return statuses == null ? List.of() : statuses;
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    List<PodCondition> conditions =
        pod.getStatus() == null ? null : pod.getStatus().getConditions();
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.core.MigrationPart;
import mooring.core.MigrationProgress;
import mooring.core.MigrationProgress.Found;
import mooring.core.MigrationProgress.State;

/** Reads how a pod of a migration stands. */
final class MigrationReader {
  private static final String COUNT = "databases ";
  private static final String FREE = "free ";
  private static final String FULL = "full ";

  /** What the scripts themselves say begins so. */
  private static final String OWN = "mooring: ";

  private static final String NOT_EMPTY = OWN + "not empty";

  /** What else is said is of statements and rows. */
  private static final Pattern ERROR =
      Pattern.compile(
          "(?:psql|pg_dump|pg_restore): error: .*|(?:connection to server .*)?FATAL: .*|ERROR: .*");

  /** The message of a pod has no room for many more. */
  private static final int MOST = 100;

  /** Of each database it is kept and told. */
  private static final int LONGEST = 500;

  private MigrationReader() {}

  static MigrationProgress read(Pod pod, MigrationPart part) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return switch (phase == null ? "Pending" : phase) {
      case "Succeeded" ->
          part.copy() < 0 ? found(message(pod)) : MigrationProgress.of(State.DONE, null);
      case "Failed" ->
          message(pod).strip().equals(NOT_EMPTY)
              ? MigrationProgress.of(State.OCCUPIED, null)
              : MigrationProgress.of(State.FAILED, failure(pod));
      case "Running" -> MigrationProgress.of(State.RUNNING, null);
      default -> MigrationProgress.of(State.STARTING, obstacle(pod));
    };
  }

  /** A message that was too long has lost its beginning. */
  private static MigrationProgress found(String message) {
    List<String> lines = message.lines().toList();
    List<Found> all = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(FREE) || line.startsWith(FULL)) {
        all.add(new Found(line.substring(FREE.length()), line.startsWith(FULL)));
      }
    }
    return lines.contains(COUNT + all.size()) && all.size() <= MOST
        ? new MigrationProgress(State.DONE, null, all)
        : MigrationProgress.of(State.FAILED, "the source has too many databases to copy at once");
  }

  private static String failure(Pod pod) {
    String said =
        message(pod)
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith(OWN) || ERROR.matcher(line).matches())
            .map(line -> line.startsWith(OWN) ? line.substring(OWN.length()) : line)
            .collect(Collectors.joining("; "));
    if (said.length() > LONGEST) {
      said = said.substring(0, LONGEST) + "…";
    }
    return Stream.of(said, pod.getStatus().getMessage(), pod.getStatus().getReason())
        .filter(text -> text != null && !text.isBlank())
        .findFirst()
        .orElse("its pod ended without a word");
  }

  private static String message(Pod pod) {
    return container(pod)
        .map(ContainerStatus::getState)
        .map(ContainerState::getTerminated)
        .map(ended -> ended.getMessage())
        .orElse("");
  }

  private static String obstacle(Pod pod) {
    Optional<String> waits =
        container(pod)
            .map(ContainerStatus::getState)
            .map(ContainerState::getWaiting)
            .map(
                waiting ->
                    Stream.of(waiting.getReason(), waiting.getMessage())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(": ")));
    return waits.or(() -> unscheduled(pod)).orElse("its pod is pending");
  }

  private static Optional<String> unscheduled(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> "PodScheduled".equals(condition.getType()))
            .map(PodCondition::getMessage)
            .filter(Objects::nonNull)
            .findFirst();
  }

  private static Optional<ContainerStatus> container(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream().findFirst();
  }
}

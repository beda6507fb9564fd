package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a Pod's object says. */
final class PodFacts {
  static final String REVISION = "controller-revision-hash";

  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  private PodFacts() {}

  static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && "Running".equals(pod.getStatus().getPhase())
        && pod.getStatus().getConditions() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  static boolean isEnding(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** How long it may take to end; null stands for one that is gone. */
  static Duration grace(Pod pod) {
    if (pod == null) {
      return DEFAULT_GRACE;
    }
    Long asked =
        isEnding(pod)
            ? pod.getMetadata().getDeletionGracePeriodSeconds()
            : pod.getSpec().getTerminationGracePeriodSeconds();
    return asked == null ? DEFAULT_GRACE : Duration.ofSeconds(asked);
  }

  /** Empty when it was made by nobody who counts revisions. */
  static String revision(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels == null ? "" : labels.getOrDefault(REVISION, "");
  }

  static List<String> claimNames(Pod pod) {
    if (pod.getSpec() == null || pod.getSpec().getVolumes() == null) {
      return List.of();
    }
    return pod.getSpec().getVolumes().stream()
        .map(volume -> volume.getPersistentVolumeClaim())
        .filter(Objects::nonNull)
        .map(claim -> claim.getClaimName())
        .toList();
  }
}

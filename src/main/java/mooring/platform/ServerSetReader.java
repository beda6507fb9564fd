package mooring.platform;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.Observation.Condition;

/** Reads what a StatefulSet and its pods show. */
final class ServerSetReader {
  /** An engine's version is what its official image's tag begins with. */
  private static final Pattern TAGGED_VERSION = Pattern.compile("[^@]*:(\\d+\\.\\d+)[^/:@]*(@.*)?");

  private ServerSetReader() {}

  static ClusterView read(StatefulSet set, List<Pod> pods) {
    String primary = set.getMetadata().getName() + "-0";
    Optional<Pod> first =
        pods.stream().filter(pod -> primary.equals(pod.getMetadata().getName())).findFirst();
    Optional<String> lacking = first.flatMap(PodFaults::of);
    Optional<String> fault =
        lacking.or(
            () ->
                pods.stream()
                    .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                    .map(PodFaults::of)
                    .flatMap(Optional::stream)
                    .findFirst());
    Condition condition = condition(set, lacking.isPresent());
    return new ClusterView(
        condition,
        condition == Condition.HEALTHY ? null : fault.orElse(null),
        version(set),
        number(set.getStatus() == null ? null : set.getStatus().getReadyReplicas()),
        number(set.getSpec().getReplicas()),
        Quantities.milli(container(set).getResources().getRequests().get("cpu")),
        Quantities.mib(container(set).getResources().getLimits().get("memory")),
        ServerSet.storageMib(set),
        first.filter(PodFaults::ready).isPresent(),
        0,
        Versions.of(set));
  }

  /**
   * What the primary lacks, the database lacks; what a replica lacks, it can do without. However
   * lasting, a pod's fault is never final: a node is added, or the server gets more memory.
   */
  private static Condition condition(StatefulSet set, boolean primaryFaulty) {
    StatefulSetStatus status = set.getStatus();
    if (set.getMetadata().getDeletionTimestamp() != null) {
      return Condition.DELETING;
    }
    boolean stopping = number(set.getSpec().getReplicas()) == 0;
    if (status == null || status.getObservedGeneration() == null) {
      return stopping ? Condition.STOPPING : Condition.SETTING_UP;
    }
    if (status.getObservedGeneration() < set.getMetadata().getGeneration()) {
      return stopping ? Condition.STOPPING : Condition.CONFIGURING;
    }
    if (stopping) {
      return number(status.getReplicas()) == 0 ? Condition.STOPPED : Condition.STOPPING;
    }
    if (primaryFaulty) {
      return Condition.FAULTY;
    }
    if (!Objects.equals(status.getCurrentRevision(), status.getUpdateRevision())) {
      return Condition.ROLLING;
    }
    return number(status.getReadyReplicas()) >= set.getSpec().getReplicas()
        ? Condition.HEALTHY
        : Condition.SCALING;
  }

  private static String version(StatefulSet set) {
    String image = container(set).getImage();
    Matcher tag = TAGGED_VERSION.matcher(image == null ? "" : image);
    return tag.matches() ? tag.group(1) : null;
  }

  private static Container container(StatefulSet set) {
    return set.getSpec().getTemplate().getSpec().getContainers().get(0);
  }

  private static int number(Integer value) {
    return value == null ? 0 : value;
  }
}

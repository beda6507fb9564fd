package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What a StatefulSet's status says of its Pods. */
final class SetStatus {
  private final StatefulSet set;
  private final List<Pod> pods;
  private final String updateRevision;

  SetStatus(StatefulSet set, List<Pod> pods) {
    this.set = set;
    this.pods = pods;
    this.updateRevision = new SetObjects(set).revision();
  }

  Map<String, Object> fields() {
    int ready = (int) present().filter(PodFacts::isReady).count();
    int updated = of(updateRevision);
    boolean complete = updated == pods.size() && ready == updated;
    String before = set.getStatus() == null ? null : set.getStatus().getCurrentRevision();
    String current = complete || before == null ? updateRevision : before;
    Map<String, Object> fields = new HashMap<>();
    fields.put("observedGeneration", set.getMetadata().getGeneration());
    fields.put("replicas", pods.size());
    fields.put("readyReplicas", ready);
    fields.put("availableReplicas", ready);
    fields.put("currentReplicas", of(current));
    fields.put("updatedReplicas", updated);
    fields.put("currentRevision", current);
    fields.put("updateRevision", updateRevision);
    fields.put("collisionCount", 0);
    return fields;
  }

  private Stream<Pod> present() {
    return pods.stream().filter(pod -> !PodFacts.isEnding(pod));
  }

  private int of(String revision) {
    return (int) present().filter(pod -> revision.equals(PodFacts.revision(pod))).count();
  }

  boolean differs() {
    Map<?, ?> shown =
        set.getStatus() == null
            ? Map.of()
            : Serialization.unmarshal(Serialization.asJson(set.getStatus()), Map.class);
    return fields().entrySet().stream()
        .anyMatch(
            field ->
                !Objects.equals(
                    String.valueOf(field.getValue()), String.valueOf(shown.get(field.getKey()))));
  }
}

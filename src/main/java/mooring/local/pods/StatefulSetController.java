package mooring.local.pods;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings the Pods of a StatefulSet to what it says: one after the other from the first one on, away
 * from the last one on, and anew from the last one on when the template has changed. Otherwise than
 * in a cluster, an outdated Pod that is not ready is replaced without being waited for.
 */
final class StatefulSetController {
  private final WorkloadView view;
  private final ObjectWriter writer;

  StatefulSetController(WorkloadView view, ObjectWriter writer) {
    this.view = view;
    this.writer = writer;
  }

  /** Returns whether there is nothing left to do until something changes. */
  boolean reconcile(String name) {
    StatefulSet set = view.set(name);
    if (set == null || set.getMetadata().getDeletionTimestamp() != null) {
      return true; // its Pods and claims follow it by their owner references
    }
    Map<Integer, Pod> pods = members(set);
    boolean adopted = adopt(set, pods);
    if (adopted) {
      step(set, pods);
    }
    writeStatus(set, pods);
    return adopted;
  }

  private Map<Integer, Pod> members(StatefulSet set) {
    Map<Integer, Pod> members = new TreeMap<>();
    for (Pod pod : view.pods()) {
      SetMember.of(pod)
          .filter(member -> member.set().equals(set.getMetadata().getName()))
          .ifPresent(member -> members.put(member.ordinal(), pod));
    }
    return members;
  }

  /**
   * False while a Pod of such a name belongs to somebody else. The watches are not in step: a set
   * that has just let go of its Pods may look alive, and would take them along.
   */
  private boolean adopt(StatefulSet set, Map<Integer, Pod> pods) {
    boolean ours = true;
    for (Pod pod : pods.values()) {
      Optional<OwnerReference> owner =
          pod.getMetadata().getOwnerReferences().stream()
              .filter(reference -> Boolean.TRUE.equals(reference.getController()))
              .findFirst();
      if (owner.isPresent()) {
        ours &= owner.get().getUid().equals(set.getMetadata().getUid());
      } else if (!PodFacts.isEnding(pod) && writer.isThere(set)) {
        OwnerReference reference = new SetObjects(set).ownerReference();
        writer.metadata(pod, Map.of("ownerReferences", List.of(reference)));
      }
    }
    return ours;
  }

  private void step(StatefulSet set, Map<Integer, Pod> pods) {
    int replicas = replicas(set);
    String revision = new SetObjects(set).revision();
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      Pod pod = pods.get(ordinal);
      ensureClaims(set, ordinal);
      if (pod == null) {
        writer.create(new SetObjects(set).pod(ordinal));
        return;
      }
      if (PodFacts.isEnding(pod)) {
        return;
      }
      if (!PodFacts.isReady(pod)) {
        if (!revision.equals(PodFacts.revision(pod))) {
          writer.delete(pod);
        }
        return;
      }
    }
    List<Pod> fromTheLast =
        pods.entrySet().stream()
            .sorted(Map.Entry.<Integer, Pod>comparingByKey(Comparator.reverseOrder()))
            .map(Map.Entry::getValue)
            .toList();
    for (Pod pod : fromTheLast) {
      boolean surplus = SetMember.of(pod).orElseThrow().ordinal() >= replicas;
      if (surplus || !revision.equals(PodFacts.revision(pod))) {
        if (!PodFacts.isEnding(pod)) {
          writer.delete(pod);
        }
        return;
      }
    }
  }

  private void ensureClaims(StatefulSet set, int ordinal) {
    for (PersistentVolumeClaim wanted : new SetObjects(set).claims(ordinal)) {
      PersistentVolumeClaim present = view.claim(wanted.getMetadata().getName());
      if (present == null) {
        writer.create(wanted);
      } else if (present.getMetadata().getDeletionTimestamp() == null
          && !present
              .getMetadata()
              .getOwnerReferences()
              .equals(wanted.getMetadata().getOwnerReferences())
          && writer.isThere(set)) {
        List<OwnerReference> owners = wanted.getMetadata().getOwnerReferences();
        writer.metadata(present, Map.of("ownerReferences", owners));
      }
    }
  }

  private void writeStatus(StatefulSet set, Map<Integer, Pod> pods) {
    SetStatus status = new SetStatus(set, List.copyOf(pods.values()));
    if (status.differs()) {
      writer.status(set, status.fields());
    }
  }

  /** Says of every StatefulSet that nothing is ready. */
  void markNotReady() {
    for (StatefulSet set : view.sets()) {
      writer.status(set, Map.of("readyReplicas", 0, "availableReplicas", 0));
    }
  }

  private static int replicas(StatefulSet set) {
    Integer replicas = set.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }
}

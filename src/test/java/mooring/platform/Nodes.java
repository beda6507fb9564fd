package mooring.platform;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import mooring.core.Instance;

/**
 * Plays the kubelet and the scheduler through the status of pods; and the StatefulSet controller on
 * a server that has none.
 */
final class Nodes {
  private final Lab lab;
  private final boolean controlled;

  /**
   * @param controlled whether the server has a StatefulSet controller of its own
   */
  Nodes(Lab lab, boolean controlled) {
    this.lab = lab;
    this.controlled = controlled;
  }

  Resource<Pod> pod(Instance database, int number) {
    return lab.admin
        .pods()
        .inNamespace(lab.namespace)
        .withName(database.objectName() + "-" + number);
  }

  Resource<StatefulSet> set(Instance database) {
    return lab.admin
        .apps()
        .statefulSets()
        .inNamespace(lab.namespace)
        .withName(database.objectName());
  }

  List<Pod> pods(Instance database) {
    return lab.admin
        .pods()
        .inNamespace(lab.namespace)
        .withLabel(Labels.INSTANCE, database.id().toString())
        .list()
        .getItems();
  }

  /** Whether a StatefulSet that was made anew has taken over the pods that were there. */
  boolean adopted(Instance database) {
    String uid = set(database).get().getMetadata().getUid();
    return !controlled
        || pods(database).stream()
            .flatMap(pod -> pod.getMetadata().getOwnerReferences().stream())
            .anyMatch(owner -> owner.getUid().equals(uid));
  }

  List<PersistentVolumeClaim> claims(Instance database) {
    return lab.admin
        .persistentVolumeClaims()
        .inNamespace(lab.namespace)
        .withLabel(Labels.INSTANCE, database.id().toString())
        .list()
        .getItems();
  }

  /** Says that a pod's server serves. */
  void ready(Instance database, int number) {
    status(
        database,
        number,
        """
        {"phase": "Running",
         "conditions": [{"type": "PodScheduled", "status": "True"},
                        {"type": "Ready", "status": "True"}],
         "containerStatuses": [{"name": "database", "ready": true, "restartCount": 0,
           "image": "x", "imageID": "x", "state": {"running": {}}}]}
        """);
  }

  /** Says that a pod's server does not run, and why. */
  void waiting(Instance database, int number, String reason, String message) {
    status(
        database,
        number,
        """
        {"phase": "Running",
         "conditions": [{"type": "PodScheduled", "status": "True"},
                        {"type": "Ready", "status": "False"}],
         "containerStatuses": [{"name": "database", "ready": false, "restartCount": 3,
           "image": "x", "imageID": "x",
           "state": {"waiting": {"reason": "%s", "message": "%s"}},
           "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}
        """
            .formatted(reason, message));
  }

  /** Says that a pod's server runs, but not ready yet, after it has ended a few times. */
  void startedAgain(Instance database, int number, int restarts) {
    status(
        database,
        number,
        """
        {"phase": "Running",
         "conditions": [{"type": "PodScheduled", "status": "True"},
                        {"type": "Ready", "status": "False"}],
         "containerStatuses": [{"name": "database", "ready": false, "restartCount": %d,
           "image": "x", "imageID": "x", "state": {"running": {}},
           "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}]}
        """
            .formatted(restarts));
  }

  /** Says that there is no room for a pod. */
  void unschedulable(Instance database, int number, String message) {
    status(
        database,
        number,
        """
        {"phase": "Pending", "containerStatuses": null,
         "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
           "message": "%s"}]}
        """
            .formatted(message));
  }

  /** What the controller does by itself, where there is one. */
  void settle(Instance database) {
    StatefulSet set = controlled ? null : set(database).get();
    if (set == null) {
      return;
    }
    int wanted = set.getSpec().getReplicas();
    String revision = revision(set);
    scaleDown(database, wanted);
    for (Pod pod : pods(database)) {
      // As in a cluster: what is not ready is waited for, whatever it is.
      if (ServerPod.outdated(pod, revision) && PodFaults.ready(pod)) {
        pod(database, number(pod)).delete();
      }
    }
    String current =
        pods(database).stream()
            .filter(pod -> ServerPod.outdated(pod, revision))
            .map(pod -> pod.getMetadata().getLabels().get(ServerPod.REVISION))
            .findFirst()
            .orElse(revision);
    boolean readyBefore = true;
    int ready = 0;
    for (int number = 0; number < wanted && readyBefore; number++) {
      if (pod(database, number).get() == null) {
        make(set, database, number, revision);
      }
      readyBefore = PodFaults.ready(pod(database, number).get());
      ready += readyBefore ? 1 : 0;
    }
    String status =
        "{\"status\":{\"observedGeneration\":%d,\"replicas\":%d,\"readyReplicas\":%d,"
            + "\"currentRevision\":\"%s\",\"updateRevision\":\"%s\"}}";
    set(database)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            status.formatted(
                set.getMetadata().getGeneration(),
                pods(database).size(),
                ready,
                current,
                revision));
  }

  /**
   * As in a cluster: from the last on, waiting for what is not ready unless it is the first such.
   */
  private void scaleDown(Instance database, int wanted) {
    List<Pod> fromTheLast =
        pods(database).stream().sorted(Comparator.comparing(Nodes::number).reversed()).toList();
    OptionalInt unready =
        fromTheLast.stream().filter(pod -> !PodFaults.ready(pod)).mapToInt(Nodes::number).min();
    for (Pod pod : fromTheLast) {
      boolean waits = !PodFaults.ready(pod) && number(pod) != unready.orElseThrow();
      if (number(pod) < wanted || waits) {
        return;
      }
      pod(database, number(pod)).delete();
    }
  }

  private static int number(Pod pod) {
    return Integer.parseInt(pod.getMetadata().getName().replaceAll(".*-", ""));
  }

  private static String revision(StatefulSet set) {
    return "r" + Integer.toHexString(Serialization.asJson(set.getSpec().getTemplate()).hashCode());
  }

  private void make(StatefulSet set, Instance database, int number, String revision) {
    String name = database.objectName() + "-" + number;
    PersistentVolumeClaim template = set.getSpec().getVolumeClaimTemplates().get(0);
    template.getMetadata().setName(template.getMetadata().getName() + "-" + name);
    template.getMetadata().setLabels(set.getSpec().getSelector().getMatchLabels());
    template.setStatus(null);
    var claims = lab.admin.persistentVolumeClaims().inNamespace(lab.namespace);
    if (claims.resource(template).get() == null) {
      claims.resource(template).create();
    }
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
            .addToLabels(Map.of(ServerObjects.POD_NAME, name, ServerPod.REVISION, revision))
            .addNewOwnerReference()
            .withApiVersion("apps/v1")
            .withKind("StatefulSet")
            .withName(set.getMetadata().getName())
            .withUid(set.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .endOwnerReference()
            .endMetadata()
            .withSpec(set.getSpec().getTemplate().getSpec())
            .build();
    lab.admin.pods().inNamespace(lab.namespace).resource(pod).create();
  }

  private void status(Instance database, int number, String status) {
    pod(database, number)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
    settle(database);
  }
}

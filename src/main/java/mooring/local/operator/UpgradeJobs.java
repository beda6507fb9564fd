package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Jobs that CloudNativePG upgrades data with. Here nothing runs in them: one is there while
 * data are upgraded, and while that has failed, and says why, until the version of before is asked
 * for again.
 */
final class UpgradeJobs {
  private static final String ROLE = "major-upgrade";
  private static final String CLUSTER_LABEL = "cnpg.io/cluster";
  private static final String ROLE_LABEL = "cnpg.io/jobRole";

  private final KubernetesClient client;
  private final String namespace;

  /** The Clusters that certainly have none. */
  private final Set<String> without = ConcurrentHashMap.newKeySet();

  UpgradeJobs(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Says that a Cluster's data are being upgraded. */
  void running(GenericKubernetesResource cluster, String server, String image) {
    without.remove(cluster.getMetadata().getName());
    Job there = find(server);
    if (there != null
        && there.getStatus() != null
        && !there.getStatus().getConditions().isEmpty()) { // of an earlier attempt
      var unused = client.batch().v1().jobs().resource(there).delete();
      there = null;
    }
    if (there == null) {
      there = create(cluster, server, image);
    }
    Job running =
        new JobBuilder(there).withNewStatus().withActive(1).withReady(1).endStatus().build();
    Job unused = client.batch().v1().jobs().resource(running).patchStatus();
  }

  /** Says why a Cluster's upgrade has failed. */
  void failed(GenericKubernetesResource cluster, String server, String image, String reason) {
    without.remove(cluster.getMetadata().getName());
    Job there = find(server);
    if (there == null) {
      there = create(cluster, server, image);
    }
    boolean said =
        there.getStatus() != null
            && there.getStatus().getConditions().stream()
                .anyMatch(condition -> reason.equals(condition.getMessage()));
    if (!said) {
      Job failed =
          new JobBuilder(there)
              .withNewStatus()
              .withActive(0)
              .withReady(0)
              .withFailed(1)
              .addNewCondition()
              .withType("Failed")
              .withStatus("True")
              .withReason("BackoffLimitExceeded")
              .withMessage(reason)
              .endCondition()
              .endStatus()
              .build();
      Job unused = client.batch().v1().jobs().resource(failed).patchStatus();
    }
  }

  /** No upgrade of a Cluster is to be told of any more, whichever server was the primary then. */
  void clear(String cluster) {
    if (without.add(cluster)) {
      List<Job> jobs =
          client
              .batch()
              .v1()
              .jobs()
              .inNamespace(namespace)
              .withLabel(CLUSTER_LABEL, cluster)
              .withLabel(ROLE_LABEL, ROLE)
              .list()
              .getItems();
      for (Job job : jobs) {
        var unused = client.batch().v1().jobs().resource(job).delete();
      }
    }
  }

  private Job find(String server) {
    return client.batch().v1().jobs().inNamespace(namespace).withName(name(server)).get();
  }

  private Job create(GenericKubernetesResource cluster, String server, String image) {
    String name = cluster.getMetadata().getName();
    Job job =
        new JobBuilder()
            .withNewMetadata()
            .withName(name(server))
            .withNamespace(namespace)
            .addToLabels(CLUSTER_LABEL, name)
            .addToLabels(ROLE_LABEL, ROLE)
            .addToOwnerReferences(Owner.of(cluster))
            .endMetadata()
            .withNewSpec()
            .withBackoffLimit(0)
            .withNewTemplate()
            .withNewSpec()
            .withRestartPolicy("Never")
            .addNewContainer()
            .withName(ROLE)
            .withImage(image)
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    try {
      return client.batch().v1().jobs().resource(job).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw new OutdatedException(name(server), e); // what is newer will be looked at again
      }
      throw e;
    }
  }

  private static String name(String server) {
    return server + "-" + ROLE;
  }
}

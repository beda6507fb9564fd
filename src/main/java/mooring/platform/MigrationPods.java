package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import java.util.stream.Stream;
import mooring.core.Instance;
import mooring.core.MigrationPart;
import mooring.core.MigrationProgress;
import mooring.core.MigrationProgress.State;
import mooring.core.PlatformRefusedException;

/** Has the parts of migrations done by pods. Everything blocks. */
final class MigrationPods {
  private final PlatformSettings settings;
  private final ClientAccess access;
  private final OwnedObjects<Secret> secrets;
  private final OwnedObjects<Pod> pods;
  private final OwnedObjects<GenericKubernetesResource> clusters;

  MigrationPods(
      KubernetesClient client,
      PlatformSettings settings,
      ClientAccess access,
      OwnedObjects<Secret> secrets,
      OwnedObjects<GenericKubernetesResource> clusters) {
    String namespace = settings.namespace();
    this.settings = settings;
    this.access = access;
    this.secrets = secrets;
    this.clusters = clusters;
    this.pods =
        new OwnedObjects<>(
            new ObjectCalls<>(
                client,
                "Pod",
                "/api/v1/namespaces/" + namespace + "/pods",
                client.pods().inNamespace(namespace)));
  }

  /** How far a part is; it is begun when there is nothing of it. */
  MigrationProgress look(Instance instance, MigrationPart part, Attempt attempt) {
    String name = MigrationObjects.name(instance, part);
    Optional<Pod> there = pods.find(name, instance.id());
    if (there.isEmpty()) {
      begin(instance, part, name, attempt);
      return MigrationProgress.of(State.STARTING, "it has just begun");
    }
    Pod pod = there.get();
    boolean own =
        instance
            .operation()
            .id()
            .toString()
            .equals(pod.getMetadata().getLabels().get(MigrationObjects.OPERATION));
    if (!own || pod.isMarkedForDeletion()) {
      boolean unused = pods.remove(name, attempt);
      return MigrationProgress.of(State.STARTING, "an earlier pod has not ended");
    }
    return MigrationReader.read(pod, part);
  }

  private void begin(Instance instance, MigrationPart part, String name, Attempt attempt) {
    String image = image(instance);
    // Of a policy that was made before there were migrations, they are not let in.
    access.apply(instance, attempt);
    // Without it no pod can start, so nobody copies any more once it has gone.
    Secret unusedSecret =
        secrets
            .apply(
                MigrationObjects.name(instance),
                any -> MigrationObjects.secret(instance, part.password(), settings),
                attempt)
            .after();
    Pod unusedPod =
        pods.apply(name, any -> MigrationObjects.pod(instance, part, image, settings), attempt)
            .after();
  }

  /** That of the servers: it has what belongs to their version. */
  private String image(Instance instance) {
    GenericKubernetesResource cluster =
        clusters
            .find(PostgresCluster.name(instance), instance.id())
            .orElseThrow(() -> new PlatformRefusedException("the Cluster has gone"));
    return Stream.<Object>of(
            orEmpty(cluster.get("status", "image")), orEmpty(cluster.get("spec", "imageName")))
        .map(Object::toString)
        .filter(image -> !image.isEmpty())
        .findFirst()
        .orElseThrow(() -> new PlatformFailure("the Cluster does not tell its image"));
  }

  private static Object orEmpty(Object value) {
    return value == null ? "" : value;
  }

  /** Whether nothing is left of any part. */
  boolean remove(Instance instance, Attempt attempt) {
    boolean secret = secrets.remove(MigrationObjects.name(instance), attempt);
    String id = instance.id().toString();
    return pods.removeAll(MigrationObjects.LABEL, id, attempt) && secret;
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import mooring.core.Instance;
import mooring.core.PlatformRefusedException;

/** The volume claims of databases, as their StatefulSets have made them. */
final class ServerClaims {
  private static final String KIND = "PersistentVolumeClaim";

  private final KubernetesClient client;
  private final String namespace;
  private final OwnedObjects<PersistentVolumeClaim> claims;

  ServerClaims(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.claims =
        new OwnedObjects<>(
            new ObjectCalls<>(
                client,
                KIND,
                "/api/v1/namespaces/" + namespace + "/persistentvolumeclaims",
                client.persistentVolumeClaims().inNamespace(namespace)));
  }

  /**
   * Refuses when the primary's volume, which has the data, is not there to stay. Without it a new
   * and empty one would be made, which replicas would take for the data.
   */
  void require(Instance instance) {
    String primary = ServerVolumes.DATA + "-" + ServerSet.name(instance) + "-0";
    boolean there =
        all(instance).stream()
            .map(PersistentVolumeClaim::getMetadata)
            .filter(claim -> claim.getDeletionTimestamp() == null)
            .anyMatch(claim -> claim.getName().equals(primary));
    if (!there) {
      throw new PlatformRefusedException(
          "the database's volume "
              + primary
              + " has gone or is being deleted; it is never made anew and empty");
    }
  }

  /** Asks for more room in each volume; one that has it is left alone. */
  void grow(Instance instance, Attempt attempt) {
    int wanted = instance.spec().storageMib();
    all(instance).stream()
        .filter(claim -> requestedMib(claim) < wanted)
        .forEach(
            claim -> {
              attempt.admit();
              grow(claim, wanted);
            });
  }

  /**
   * Removes the volumes of a database.
   *
   * @return whether none is left
   */
  boolean removeAll(Instance instance, Attempt attempt) {
    return claims.removeAll(Labels.INSTANCE, instance.id().toString(), attempt);
  }

  private List<PersistentVolumeClaim> all(Instance instance) {
    try {
      return client
          .persistentVolumeClaims()
          .inNamespace(namespace)
          .withLabels(ServerObjects.selector(instance))
          .list()
          .getItems();
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(KIND, "of " + instance.objectName(), e);
    }
  }

  /**
   * Patches the claim as it was listed, so that it is not read once more, which takes a right of
   * its own. Its requests alone: the rest is the StatefulSet controller's and the volume
   * controller's.
   */
  private void grow(PersistentVolumeClaim claim, int storageMib) {
    String name = claim.getMetadata().getName();
    String version = claim.getMetadata().getResourceVersion();
    String request =
        """
        {"metadata": {"resourceVersion": "%s"},
         "spec": {"resources": {"requests": {"storage": "%s"}}}}
        """;
    try {
      client
          .persistentVolumeClaims()
          .inNamespace(namespace)
          .resource(claim)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              request.formatted(version, Quantities.size(storageMib)));
    } catch (KubernetesClientException e) {
      throw ApiFailures.of(KIND, name, e);
    }
  }

  private static int requestedMib(PersistentVolumeClaim claim) {
    return Quantities.mib(claim.getSpec().getResources().getRequests().get("storage"));
  }
}

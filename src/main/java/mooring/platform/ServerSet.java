package mooring.platform;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.List;
import java.util.Optional;
import mooring.core.Desired;
import mooring.core.Instance;

/** The StatefulSet of a database: its servers and their volumes. */
final class ServerSet {
  private ServerSet() {}

  static String name(Instance instance) {
    return ServerObjects.name(instance);
  }

  /**
   * The StatefulSet of a database.
   *
   * @param there the one that it takes the place of, which keeps what it says of its volumes; null
   *     for none
   */
  static StatefulSet of(
      Instance instance, EngineServer server, PlatformSettings settings, StatefulSet there) {
    boolean stopped = instance.desired() == Desired.STOPPED;
    return new StatefulSetBuilder()
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .withNewSpec()
        .withServiceName(ServerObjects.nodesName(instance))
        .withReplicas(stopped ? 0 : instance.spec().instances())
        .withPodManagementPolicy("OrderedReady")
        .withNewSelector()
        .withMatchLabels(ServerObjects.selector(instance))
        .endSelector()
        .withTemplate(ServerPod.of(instance, server, settings))
        .withVolumeClaimTemplates(
            there == null
                ? claim(settings.storageClass(), instance.spec().storageMib())
                : claim(storageClass(there), storageMib(there)))
        .endSpec()
        .build();
  }

  /** The size of each volume that a StatefulSet makes. */
  static int storageMib(StatefulSet set) {
    List<PersistentVolumeClaim> claims = set.getSpec().getVolumeClaimTemplates();
    return claims.isEmpty()
        ? 0
        : Quantities.mib(claims.get(0).getSpec().getResources().getRequests().get("storage"));
  }

  /** The revision that its pods are to have; empty while its controller has yet to look at it. */
  static Optional<String> revision(StatefulSet set) {
    return Optional.ofNullable(set.getStatus())
        .filter(status -> status.getObservedGeneration() != null)
        .filter(status -> status.getObservedGeneration() >= set.getMetadata().getGeneration())
        .map(StatefulSetStatus::getUpdateRevision);
  }

  private static String storageClass(StatefulSet set) {
    return set.getSpec().getVolumeClaimTemplates().get(0).getSpec().getStorageClassName();
  }

  private static PersistentVolumeClaim claim(String storageClass, int storageMib) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(ServerVolumes.DATA)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(storageClass)
        .withNewResources()
        .addToRequests("storage", new Quantity(Quantities.size(storageMib)))
        .endResources()
        .endSpec()
        .build();
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
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
   * @param storageMib of each volume; a StatefulSet that is there keeps its own
   * @param claimsFollow whether the API server knows that volumes can go with their StatefulSet
   */
  static StatefulSet of(
      Instance instance,
      EngineServer server,
      PlatformSettings settings,
      int storageMib,
      boolean claimsFollow) {
    boolean stopped = instance.desired() == Desired.STOPPED;
    StatefulSet set =
        new StatefulSetBuilder()
            .withMetadata(Labels.metadata(instance, name(instance), settings))
            .withNewSpec()
            .withServiceName(ServerObjects.nodesName(instance))
            .withReplicas(stopped ? 0 : instance.spec().instances())
            .withPodManagementPolicy("OrderedReady")
            .withNewSelector()
            .withMatchLabels(ServerObjects.selector(instance))
            .endSelector()
            .withTemplate(ServerPod.of(instance, server, settings))
            .withVolumeClaimTemplates(claim(settings, storageMib))
            .endSpec()
            .build();
    if (claimsFollow) {
      set =
          new StatefulSetBuilder(set)
              .editSpec()
              .withNewPersistentVolumeClaimRetentionPolicy("Delete", "Retain")
              .endSpec()
              .build();
    }
    return set;
  }

  /** The size of each volume that a StatefulSet makes. */
  static int storageMib(StatefulSet set) {
    List<PersistentVolumeClaim> claims = set.getSpec().getVolumeClaimTemplates();
    return claims.isEmpty()
        ? 0
        : Quantities.mib(claims.get(0).getSpec().getResources().getRequests().get("storage"));
  }

  private static PersistentVolumeClaim claim(PlatformSettings settings, int storageMib) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(ServerVolumes.DATA)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(settings.storageClass())
        .withNewResources()
        .addToRequests("storage", new Quantity(Quantities.size(storageMib)))
        .endResources()
        .endSpec()
        .build();
  }
}

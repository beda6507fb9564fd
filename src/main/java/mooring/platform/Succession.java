package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Optional;
import mooring.core.Desired;
import mooring.core.Instance;
import mooring.core.Observation.Condition;
import mooring.core.OperationKind;
import mooring.core.Platform.Return;

/**
 * A Cluster in the place of another: CloudNativePG restores none in place. Clients are led to one
 * of them by the Service, which also says how far it is. Everything blocks.
 */
final class Succession {
  private final PlatformSettings settings;
  private final OwnedObjects<Service> services;
  private final OwnedObjects<GenericKubernetesResource> clusters;
  private final KubernetesBackups backups;
  private final Poolers poolers;
  private final KubernetesContents contents;

  Succession(
      PlatformSettings settings,
      OwnedObjects<Service> services,
      OwnedObjects<GenericKubernetesResource> clusters,
      KubernetesBackups backups,
      Poolers poolers,
      KubernetesContents contents) {
    this.settings = settings;
    this.services = services;
    this.clusters = clusters;
    this.backups = backups;
    this.poolers = poolers;
    this.contents = contents;
  }

  /** The database with the servers that clients are led to for now. */
  Instance served(Instance instance) {
    return instance.operation().kind() == OperationKind.RESTORE && !handedOver(instance)
        ? instance.unrestored()
        : instance;
  }

  /** Hibernates the Cluster before; whether it is down. */
  boolean quiesce(Instance restored, Attempt attempt) {
    Instance before = stopped(restored.unrestored());
    Optional<GenericKubernetesResource> there = find(before);
    if (there.isEmpty() || handedOver(restored)) {
      return true;
    }
    backups.schedule(before, attempt);
    GenericKubernetesResource cluster = apply(before, attempt);
    return CloudNativePgReader.read(cluster).condition() == Condition.STOPPED;
  }

  /** The Service first: from then on there is no way back. */
  boolean handOver(Instance restored, Attempt attempt) {
    if (!handedOver(restored)) {
      lead(restored, attempt);
    }
    backups.schedule(restored, attempt);
    poolers.apply(restored, attempt);
    Instance before = restored.unrestored();
    boolean daily = backups.end(before, attempt);
    boolean pooler = poolers.replaced(before, attempt);
    return gone(before, attempt) && daily && pooler;
  }

  /** The Cluster of the restore goes last, so that whoever takes over sees what is to be done. */
  Return giveBack(Instance restored, Attempt attempt) {
    if (handedOver(restored)) {
      return Return.TOO_LATE;
    }
    Instance before = restored.unrestored();
    if (find(before).isPresent()) {
      backups.schedule(before, attempt);
      GenericKubernetesResource unused = apply(before, attempt);
    }
    return gone(restored, attempt) ? Return.DONE : Return.UNDER_WAY;
  }

  /** A Cluster, and then what was asked for within it: nothing is dropped for that any more. */
  private boolean gone(Instance instance, Attempt attempt) {
    String cluster = PostgresCluster.name(instance);
    return clusters.remove(cluster, attempt) && contents.removeOf(cluster, attempt);
  }

  private boolean handedOver(Instance restored) {
    return services
        .find(ClientService.name(restored), restored.id())
        .filter(service -> ClientService.leadsTo(PostgresCluster.name(restored), service))
        .isPresent();
  }

  private void lead(Instance restored, Attempt attempt) {
    Service unused =
        services
            .apply(
                ClientService.name(restored),
                there -> ClientService.of(restored, settings),
                attempt)
            .after();
  }

  private Optional<GenericKubernetesResource> find(Instance instance) {
    return clusters.find(PostgresCluster.name(instance), instance.id());
  }

  /** As it is asked for; made by nobody here. */
  private GenericKubernetesResource apply(Instance instance, Attempt attempt) {
    return clusters
        .apply(
            PostgresCluster.name(instance),
            there -> PostgresCluster.of(instance, settings, present(there)),
            attempt)
        .after();
  }

  private static GenericKubernetesResource present(GenericKubernetesResource cluster) {
    if (cluster == null) {
      throw new PlatformFailure("the Cluster has gone meanwhile");
    }
    return cluster;
  }

  /** As it would be wanted if it were to be down. */
  static Instance stopped(Instance instance) {
    return instance.wanted(
        instance.spec(), Desired.STOPPED, instance.setup(), instance.attributes());
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import mooring.core.Instance;

/** The connection poolers of databases; everything blocks. */
final class Poolers {
  private final PlatformSettings settings;
  private final OwnedObjects<GenericKubernetesResource> poolers;
  private final OwnedObjects<Service> services;

  Poolers(KubernetesClient client, PlatformSettings settings, OwnedObjects<Service> services) {
    this.settings = settings;
    this.poolers = OwnedObjects.custom(client, PoolerObjects.RESOURCE, settings.namespace());
    this.services = services;
  }

  /** Has a database have one, or none, as it is asked for. */
  void apply(Instance instance, Attempt attempt) {
    if (instance.setup().pooler() == null) {
      boolean unused = remove(instance, attempt);
      return;
    }
    GenericKubernetesResource unused =
        poolers
            .apply(
                PoolerObjects.name(instance),
                there -> PoolerObjects.of(instance, settings),
                attempt)
            .after();
    Service unusedService =
        services
            .apply(
                PoolerObjects.serviceName(instance),
                there -> PoolerObjects.service(instance, settings),
                attempt)
            .after();
  }

  /** Removes that of every server a database ever had, and the Service; whether they are gone. */
  boolean remove(Instance instance, Attempt attempt) {
    boolean gone = true;
    for (String cluster : instance.clusterNames()) {
      gone &= poolers.remove(PoolerObjects.name(cluster), attempt);
    }
    return services.remove(PoolerObjects.serviceName(instance), attempt) && gone;
  }

  /** Removes that of servers that others have replaced; whether it is gone. */
  boolean replaced(Instance before, Attempt attempt) {
    return poolers.remove(PoolerObjects.name(before), attempt);
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mooring.core.Instance;

/** The connection poolers of databases: one for all, and one for each pool; everything blocks. */
final class Poolers {
  private final PlatformSettings settings;
  private final OwnedObjects<GenericKubernetesResource> poolers;
  private final OwnedObjects<Service> services;

  Poolers(KubernetesClient client, PlatformSettings settings, OwnedObjects<Service> services) {
    this.settings = settings;
    this.poolers = OwnedObjects.custom(client, PoolerObjects.RESOURCE, settings.namespace());
    this.services = services;
  }

  /** Has a database have those that are asked for, and no others. */
  void apply(Instance instance, Attempt attempt) {
    List<GenericKubernetesResource> wanted =
        Stream.concat(
                Stream.of(instance)
                    .filter(one -> one.setup().pooler() != null)
                    .map(one -> PoolerObjects.of(one, settings)),
                instance.setup().pools().all().stream()
                    .map(pool -> PoolObjects.of(instance, pool, settings)))
            .toList();
    List<Service> led =
        Stream.concat(
                Stream.of(instance)
                    .filter(one -> one.setup().pooler() != null)
                    .map(one -> PoolerObjects.service(one, settings)),
                instance.setup().pools().all().stream()
                    .map(pool -> PoolObjects.service(instance, pool, settings)))
            .toList();
    Set<String> names = wanted.stream().map(Labels::name).collect(Collectors.toSet());
    Set<String> serviceNames = led.stream().map(Labels::name).collect(Collectors.toSet());
    String id = instance.id().toString();
    boolean unused =
        poolers.removeAll(
            Labels.INSTANCE,
            id,
            one -> isOf(one, instance) && !names.contains(Labels.name(one)),
            attempt);
    boolean unusedServices =
        services.removeAll(
            Labels.INSTANCE,
            id,
            one -> PoolerObjects.leadsToPooler(one) && !serviceNames.contains(Labels.name(one)),
            attempt);
    for (GenericKubernetesResource one : wanted) {
      GenericKubernetesResource unusedPooler =
          poolers.apply(Labels.name(one), there -> PoolObjects.over(there, one), attempt).after();
    }
    for (Service one : led) {
      Service unusedService = services.apply(Labels.name(one), there -> one, attempt).after();
    }
  }

  /**
   * Removes those of every server a database ever had, and their Services; whether all are gone.
   */
  boolean remove(Instance instance, Attempt attempt) {
    String id = instance.id().toString();
    boolean gone = poolers.removeAll(Labels.INSTANCE, id, attempt);
    return services.removeAll(Labels.INSTANCE, id, PoolerObjects::leadsToPooler, attempt) && gone;
  }

  /** Removes those of servers that others have replaced; whether they are gone. */
  boolean replaced(Instance before, Attempt attempt) {
    return poolers.removeAll(
        Labels.INSTANCE, before.id().toString(), one -> isOf(one, before), attempt);
  }

  private static boolean isOf(GenericKubernetesResource pooler, Instance instance) {
    return PoolerView.isOf(pooler, PostgresCluster.name(instance));
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import mooring.core.Desired;
import mooring.core.Instance;

/**
 * CloudNativePG's Pooler, and the Service that clients reach it by: where databases have an address
 * of their own, at that, beside PostgreSQL.
 */
final class PoolerObjects {
  static final ResourceDefinitionContext RESOURCE =
      new ResourceDefinitionContext.Builder()
          .withGroup(PostgresCluster.GROUP)
          .withVersion("v1")
          .withKind("Pooler")
          .withPlural("poolers")
          .withNamespaced(true)
          .build();

  static final int PORT = 6432;
  private static final String SUFFIX = "-pooler";
  private static final String SERVICE_SUFFIX = "-pgbouncer";
  static final String SELECTED_BY = "cnpg.io/poolerName";
  private static final int POSTGRES_PORT = 5432;

  /** By which MetalLB lets two Services have one address, with different ports. */
  static final String SHARED_ADDRESS = "metallb.io/allow-shared-ip";

  private PoolerObjects() {}

  /** Of the Pooler; its Cluster cannot be changed, so each has one of its own. */
  static String name(Instance instance) {
    return name(PostgresCluster.name(instance));
  }

  /** Of the Pooler of a Cluster. */
  static String name(String cluster) {
    return cluster + SUFFIX;
  }

  /**
   * Of the Service, which stays: not a Pooler's name, because CloudNativePG makes a Service of each
   * Pooler's name.
   */
  static String serviceName(Instance instance) {
    return instance.objectName() + SERVICE_SUFFIX;
  }

  /** The one for all of a database. */
  static GenericKubernetesResource of(Instance instance, PlatformSettings settings) {
    Map<String, Object> pgbouncer = new LinkedHashMap<>();
    pgbouncer.put("poolMode", instance.setup().pooler().word());
    Map<String, String> parameters = instance.setup().pools().parameters();
    if (!parameters.isEmpty()) {
      pgbouncer.put("parameters", new TreeMap<>(parameters));
    }
    return pooler(instance, name(instance), pgbouncer, settings);
  }

  static GenericKubernetesResource pooler(
      Instance instance, String name, Map<String, Object> pgbouncer, PlatformSettings settings) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("cluster", Map.of("name", PostgresCluster.name(instance)));
    spec.put("type", "rw");
    spec.put("instances", instance.desired() == Desired.STOPPED ? 0 : 1);
    spec.put("pgbouncer", pgbouncer);
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(PostgresCluster.GROUP + "/v1")
        .withKind("Pooler")
        .withMetadata(Labels.metadata(instance, name, settings))
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  static Service service(Instance instance, PlatformSettings settings) {
    return service(instance, serviceName(instance), name(instance), PORT, settings);
  }

  static Service service(
      Instance instance, String name, String pooler, int port, PlatformSettings settings) {
    Service service =
        new ServiceBuilder()
            .withMetadata(Labels.metadata(instance, name, settings))
            .withNewSpec()
            .withType(settings.serviceType().word())
            .withSelector(Map.of(SELECTED_BY, pooler))
            .withPorts(
                new ServicePortBuilder()
                    .withName("pgbouncer")
                    .withPort(port)
                    .withProtocol("TCP")
                    .withTargetPort(new IntOrString(POSTGRES_PORT))
                    .build())
            .endSpec()
            .build();
    if (settings.serviceType() == ServiceType.LOAD_BALANCER) {
      if (instance.address().numeric()) {
        service.getSpec().setLoadBalancerIP(instance.address().host());
        share(service, instance);
      }
      ClientService.showClients(service, instance);
    }
    return service;
  }

  /**
   * Whether a Service leads to a pooler. CloudNativePG's own do not count, though they may have
   * inherited our labels: they are their Pooler's.
   */
  static boolean leadsToPooler(Service service) {
    Map<String, String> selector = service.getSpec().getSelector();
    return selector != null
        && selector.containsKey(SELECTED_BY)
        && service.getMetadata().getOwnerReferences().isEmpty();
  }

  /** Says, where a database has a pooler, that its Services have one address. */
  static void share(Service service, Instance instance) {
    boolean pooled = instance.setup().pooler() != null || !instance.setup().pools().all().isEmpty();
    if (pooled && service.getSpec().getLoadBalancerIP() != null) {
      service.getMetadata().getAnnotations().put(SHARED_ADDRESS, instance.objectName());
    }
  }
}

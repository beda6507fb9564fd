package mooring.platform;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.Locale;
import java.util.Map;
import mooring.core.Address;
import mooring.core.Engine;
import mooring.core.Instance;

/** The Service that a database's clients connect to; it follows the primary. */
final class ClientService {
  /** By this annotation a DNS controller publishes the load balancer under a name. */
  static final String HOST_NAME = "external-dns.alpha.kubernetes.io/hostname";

  private static final String CLUSTER = "cnpg.io/cluster";

  private ClientService() {}

  /** Whether it leads to this object, or does not say so, as that of another engine. */
  static boolean leadsTo(String cluster, Service service) {
    Map<String, String> selector = service.getSpec().getSelector();
    String selected = selector == null ? null : selector.get(CLUSTER);
    return selected == null || selected.equals(cluster);
  }

  static String name(Instance instance) {
    return instance.objectName();
  }

  /** The one of a PostgreSQL. */
  static Service of(Instance instance, PlatformSettings settings) {
    return of(
        instance,
        settings,
        Map.of(CLUSTER, instance.clusterName(), "cnpg.io/instanceRole", "primary"));
  }

  /** One that leads to the pods with some labels. */
  static Service of(Instance instance, PlatformSettings settings, Map<String, String> selector) {
    Service service =
        new ServiceBuilder()
            .withMetadata(Labels.metadata(instance, name(instance), settings))
            .withNewSpec()
            .withType(settings.serviceType().word())
            .withSelector(selector)
            .withPorts(port(instance, instance.address().port()))
            .endSpec()
            .build();
    if (settings.serviceType() == ServiceType.LOAD_BALANCER) {
      publish(service, instance.address());
      PoolerObjects.share(service, instance);
      showClients(service, instance);
    }
    return service;
  }

  private static void publish(Service service, Address address) {
    if (address.numeric()) {
      service.getSpec().setLoadBalancerIP(address.host());
    } else {
      service.getMetadata().getAnnotations().put(HOST_NAME, address.host());
    }
  }

  /**
   * Has the servers see where clients come from, when they are to look at that. MetalLB shares no
   * address between Services that do, unless they lead to the same pods.
   */
  static void showClients(Service service, Instance instance) {
    boolean shared =
        service.getMetadata().getAnnotations().containsKey(PoolerObjects.SHARED_ADDRESS);
    if (!shared && !instance.setup().policy().open()) {
      service.getSpec().setExternalTrafficPolicy("Local");
    }
  }

  /** The engine's port, published as another or as itself. */
  static ServicePort port(Instance instance, int published) {
    Engine engine = instance.spec().engine();
    return new ServicePortBuilder()
        .withName(engine.name().toLowerCase(Locale.ROOT))
        // Part of the key by which the server merges ports, so never left to its default.
        .withProtocol("TCP")
        .withPort(published)
        .withTargetPort(new IntOrString(engine.port()))
        .build();
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The address that clients reach a database at: a Service of type LoadBalancer that selects the
 * primary of a Cluster.
 *
 * @param name of the Service
 * @param host the IP address asked for
 * @param port the port asked for
 */
record ClientService(String name, String host, int port) {
  private static final String CLUSTER = "cnpg.io/cluster";
  private static final String ROLE = "cnpg.io/instanceRole";
  private static final String LOAD_BALANCER = "LoadBalancer";

  /** The Cluster whose primary a Service selects: none or one. */
  static List<String> clusterNames(Service service) {
    Map<String, String> selector =
        service.getSpec() == null ? null : service.getSpec().getSelector();
    return selector != null && selector.containsKey(CLUSTER) && "primary".equals(selector.get(ROLE))
        ? List.of(selector.get(CLUSTER))
        : List.of();
  }

  /** Empty when it asks for no address that could be listened at. */
  static Optional<ClientService> of(Service service) {
    var spec = service.getSpec();
    if (!LOAD_BALANCER.equals(spec.getType())
        || spec.getLoadBalancerIP() == null
        || spec.getPorts() == null
        || spec.getPorts().isEmpty()
        || service.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    return Optional.of(
        new ClientService(
            service.getMetadata().getName(),
            spec.getLoadBalancerIP(),
            spec.getPorts().get(0).getPort()));
  }

  /** Where a server listens that no client is led to yet: wherever there is room. */
  static ClientService none() {
    return new ClientService("", "127.0.0.1", 0);
  }

  /** The same with room that was found. */
  ClientService at(int found) {
    return new ClientService(name, host, found);
  }

  /** Whether no client is led to it. */
  boolean isNone() {
    return name.isEmpty();
  }

  /** Whether the Service's status names the address already. */
  static boolean isPublished(Service service, String host) {
    return service.getStatus() != null
        && service.getStatus().getLoadBalancer() != null
        && service.getStatus().getLoadBalancer().getIngress() != null
        && service.getStatus().getLoadBalancer().getIngress().stream()
            .anyMatch(ingress -> host.equals(ingress.getIp()));
  }
}

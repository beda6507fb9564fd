package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Optional;

/**
 * The address that clients reach a Pod at: a Service of type LoadBalancer that selects it.
 *
 * @param service its name
 * @param host the IP address asked for
 * @param port the port asked for
 */
record ClientAddress(String service, String host, int port) implements Comparable<ClientAddress> {

  /** Empty when the Service asks for no address that could be listened at. */
  static Optional<ClientAddress> of(Service service) {
    var spec = service.getSpec();
    if (spec == null
        || !"LoadBalancer".equals(spec.getType())
        || spec.getLoadBalancerIP() == null
        || spec.getPorts() == null
        || spec.getPorts().isEmpty()
        || service.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    ServicePort port = spec.getPorts().get(0);
    return Optional.of(
        new ClientAddress(
            service.getMetadata().getName(), spec.getLoadBalancerIP(), port.getPort()));
  }

  @Override
  public int compareTo(ClientAddress other) {
    return service.compareTo(other.service);
  }

  /** Whether the Service's status names the address already. */
  boolean isPublishedBy(Service object) {
    return object.getStatus() != null
        && object.getStatus().getLoadBalancer() != null
        && object.getStatus().getLoadBalancer().getIngress() != null
        && object.getStatus().getLoadBalancer().getIngress().stream()
            .anyMatch(ingress -> host.equals(ingress.getIp()));
  }
}

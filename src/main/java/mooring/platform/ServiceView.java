package mooring.platform;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mooring.core.Address;

/**
 * What a database's Service shows.
 *
 * @param addressReady whether clients that use its address reach it
 * @param address where it answers, by IP address or host name; null when it holds none of ours
 * @param resourceVersion of the object
 */
record ServiceView(boolean addressReady, Address address, long resourceVersion) {

  static ServiceView of(Service service) {
    String ip = service.getSpec().getLoadBalancerIP();
    Map<String, String> annotations = service.getMetadata().getAnnotations();
    String name = annotations == null ? null : annotations.get(ClientService.HOST_NAME);
    return new ServiceView(
        ready(service), address(service, ip == null ? name : ip), Versions.of(service));
  }

  /** The same, ready only where it leads to what carries the database's servers; null for none. */
  static ServiceView of(Service service, String cluster) {
    ServiceView view = of(service);
    boolean leads = cluster == null || ClientService.leadsTo(cluster, service);
    return new ServiceView(view.addressReady && leads, view.address, view.resourceVersion);
  }

  /** Where it is reached within the cluster; it has a port. */
  static ServiceAddress within(Service service) {
    return new ServiceAddress(
        Labels.name(service), address(service, service.getSpec().getClusterIP()));
  }

  private static Address address(Service service, String host) {
    List<ServicePort> ports = service.getSpec().getPorts();
    return host == null || ports.isEmpty() ? null : new Address(host, ports.get(0).getPort());
  }

  private static boolean ready(Service service) {
    if (service.getMetadata().getDeletionTimestamp() != null) {
      return false;
    }
    if (!ServiceType.LOAD_BALANCER.word().equals(service.getSpec().getType())) {
      return true;
    }
    List<LoadBalancerIngress> ingress =
        Optional.ofNullable(service.getStatus())
            .map(ServiceStatus::getLoadBalancer)
            .map(LoadBalancerStatus::getIngress)
            .orElse(List.of());
    String asked = service.getSpec().getLoadBalancerIP();
    return asked == null
        ? !ingress.isEmpty()
        : ingress.stream().anyMatch(entry -> asked.equals(entry.getIp()));
  }
}

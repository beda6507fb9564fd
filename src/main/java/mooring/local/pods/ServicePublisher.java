package mooring.local.pods;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;

/** Plays the load balancer for Pods. */
final class ServicePublisher {
  private final WorkloadView view;
  private final ObjectWriter writer;

  ServicePublisher(WorkloadView view, ObjectWriter writer) {
    this.view = view;
    this.writer = writer;
  }

  /** Reports the addresses of Services as a load balancer would, once something listens there. */
  void publish(Pod pod) {
    for (Service service : view.servicesOf(pod)) {
      ClientAddress address = ClientAddress.of(service).orElseThrow();
      if (!address.isPublishedBy(service)) {
        writer.status(
            service,
            Map.of("loadBalancer", Map.of("ingress", List.of(Map.of("ip", address.host())))));
      }
    }
  }
}

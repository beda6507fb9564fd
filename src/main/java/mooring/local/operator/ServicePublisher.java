package mooring.local.operator;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;

/** Reports a Service's address as a load balancer would, as long as something listens there. */
final class ServicePublisher {
  private final KubernetesClient client;
  private final KubernetesView view;

  ServicePublisher(KubernetesClient client, KubernetesView view) {
    this.client = client;
    this.view = view;
  }

  void publish(DatabasePlan plan) {
    String host = plan.service().host();
    for (Service service : view.servicesOf(plan.spec().name())) {
      if (service.getMetadata().getName().equals(plan.service().name())
          && !ClientService.isPublished(service, host)) {
        report(service, List.of(Map.of("ip", host)));
      }
    }
  }

  /** Nothing listens there any more, until whatever is led to next does. */
  void withdraw(String cluster) {
    for (Service service : view.servicesOf(cluster)) {
      if (ClientService.isPublished(service, service.getSpec().getLoadBalancerIP())) {
        report(service, List.of());
      }
    }
  }

  private void report(Service service, List<Map<String, String>> ingress) {
    client
        .services()
        .inNamespace(service.getMetadata().getNamespace())
        .withName(service.getMetadata().getName())
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            Serialization.asJson(
                Map.of("status", Map.of("loadBalancer", Map.of("ingress", ingress)))));
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;

/** Reports a Service's address as a load balancer would, once something listens there. */
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
        client
            .services()
            .inNamespace(plan.spec().namespace())
            .withName(plan.service().name())
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                Serialization.asJson(
                    Map.of(
                        "status",
                        Map.of("loadBalancer", Map.of("ingress", List.of(Map.of("ip", host)))))));
      }
    }
  }
}

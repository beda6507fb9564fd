package mooring.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import mooring.core.Address;
import mooring.core.Instance;
import org.junit.jupiter.api.Test;

class ServiceViewTest {

  @Test
  void aServiceWithoutALoadBalancerIsReadyWhenItExists() {
    Service service = service("db-x.prod.svc", ServiceType.CLUSTER_IP);

    assertThat(ServiceView.of(service)).isEqualTo(new ServiceView(true, null, 7));
  }

  @Test
  void anAskedAddressHasToBeTheOneGiven() {
    Service service = service("10.1.2.3", ServiceType.LOAD_BALANCER);

    assertThat(ServiceView.of(service))
        .isEqualTo(new ServiceView(false, new Address("10.1.2.3", 5432), 7));
    assertThat(ServiceView.of(given(service, "10.1.2.4")).addressReady()).isFalse();
    assertThat(ServiceView.of(given(service, "10.1.2.3")).addressReady()).isTrue();
  }

  @Test
  void aHostNameIsReadyWithAnyAddress() {
    Service service = service("a.db.example.com", ServiceType.LOAD_BALANCER);

    assertThat(ServiceView.of(service))
        .isEqualTo(new ServiceView(false, new Address("a.db.example.com", 5432), 7));
    assertThat(ServiceView.of(given(service, "192.0.2.1")).addressReady()).isTrue();
  }

  @Test
  void aServiceBeingDeletedIsNotReady() {
    Service service = service("db-x.prod.svc", ServiceType.CLUSTER_IP);
    service.getMetadata().setDeletionTimestamp("2026-01-02T03:04:05Z");

    assertThat(ServiceView.of(service).addressReady()).isFalse();
  }

  private static Service service(String host, ServiceType type) {
    Instance instance = Samples.instance(host);
    Service service = ClientService.of(instance, PlatformSettings.of("prod", type));
    service.getMetadata().setResourceVersion("7");
    return service;
  }

  private static Service given(Service service, String address) {
    return new ServiceBuilder(service)
        .withNewStatus()
        .withNewLoadBalancer()
        .withIngress(new LoadBalancerIngressBuilder().withIp(address).build())
        .endLoadBalancer()
        .endStatus()
        .build();
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import mooring.local.postgres.PostgresException;

/** The Service of a Pooler's name that CloudNativePG makes for each; it goes with the Pooler. */
final class PoolerServices {
  private static final int PORT = 5432;

  private final KubernetesClient client;

  PoolerServices(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Makes it when it is not there.
   *
   * @param there the Service of that name; null for none
   * @throws PostgresException when that is somebody else's
   */
  void ensure(GenericKubernetesResource pooler, Service there) {
    if (there == null) {
      create(pooler);
    } else if (there.getMetadata().getOwnerReferences().stream()
        .noneMatch(owner -> owner.getKind().equals(pooler.getKind()))) {
      throw new PostgresException(
          "the Service "
              + there.getMetadata().getName()
              + " has the Pooler's name, and is not its");
    }
  }

  private void create(GenericKubernetesResource pooler) {
    String name = pooler.getMetadata().getName();
    Service wanted =
        new ServiceBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(pooler.getMetadata().getNamespace())
            .withOwnerReferences(Owner.of(pooler))
            .endMetadata()
            .withNewSpec()
            .withType("ClusterIP")
            .addToSelector(PoolerKeeper.SELECTED_BY, name)
            .addNewPort()
            .withName("pgbouncer")
            .withProtocol("TCP")
            .withPort(PORT)
            .endPort()
            .endSpec()
            .build();
    try {
      Service unused = client.resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) { // looked at again when it is seen
        throw e;
      }
    }
  }
}

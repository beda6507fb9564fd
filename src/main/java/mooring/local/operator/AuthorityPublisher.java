package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import mooring.local.postgres.CertificateAuthority;

/**
 * Tells by which certificate clients verify a Cluster's servers: in a Secret of the name that
 * CloudNativePG gives it. The key is not in it, as nobody needs it there.
 */
final class AuthorityPublisher {
  private static final String CERTIFICATE = "ca.crt";

  private final KubernetesClient client;
  private final KubernetesView view;
  private final CertificateAuthority authority;

  AuthorityPublisher(KubernetesClient client, KubernetesView view, CertificateAuthority authority) {
    this.client = client;
    this.view = view;
    this.authority = authority;
  }

  /** It goes with its Cluster. */
  void publish(String name) {
    GenericKubernetesResource cluster = view.cluster(name);
    if (cluster == null || view.secret(secretName(name)) != null) {
      return;
    }
    try {
      Secret unused = client.secrets().resource(secret(cluster)).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private Secret secret(GenericKubernetesResource cluster) {
    String name = cluster.getMetadata().getName();
    byte[] pem = authority.pem().getBytes(StandardCharsets.US_ASCII);
    return new SecretBuilder()
        .withNewMetadata()
        .withName(secretName(name))
        .withNamespace(cluster.getMetadata().getNamespace())
        .withOwnerReferences(Owner.of(cluster))
        .endMetadata()
        .addToData(CERTIFICATE, Base64.getEncoder().encodeToString(pem))
        .build();
  }

  private static String secretName(String cluster) {
    return cluster + "-ca";
  }
}

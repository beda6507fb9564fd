package mooring.platform;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.reactivex.rxjava3.core.Single;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import mooring.core.Authorities;
import mooring.core.Instance;
import mooring.core.SourceSilentException;

/** The certificate authorities by which the servers of databases are known: one for each. */
public final class ServerAuthorities implements Authorities {
  private static final String CERTIFICATE = "ca.crt";

  private final KubernetesConnection connection;
  private final String namespace;

  /**
   * @param connection to the API server
   * @param namespace of the databases
   */
  public ServerAuthorities(KubernetesConnection connection, String namespace) {
    this.connection = connection;
    this.namespace = namespace;
  }

  @Override
  public Single<String> of(Instance instance) {
    return connection.calls().call(() -> certificate(instance.clusterName() + "-ca"));
  }

  private String certificate(String name) {
    Secret secret;
    try {
      secret = connection.client().secrets().inNamespace(namespace).withName(name).get();
    } catch (KubernetesClientException e) {
      throw ApiFailures.of("Secret", name, e);
    }
    String encoded =
        secret == null || secret.getData() == null ? null : secret.getData().get(CERTIFICATE);
    if (encoded == null) {
      throw new SourceSilentException("there is no " + CERTIFICATE + " in a Secret " + name);
    }
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Offers an ObjectStore per time that backups are kept for, unless there is one of its name. */
final class StoreInstaller {
  private static final String PREFIX = "mooring-";
  private static final String MANUAL = PREFIX + "manual";
  private static final List<String> RETENTIONS = List.of("1d", "7d", "14d", "30d");

  private final KubernetesClient client;
  private final OperatorConfig config;

  StoreInstaller(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.config = config;
  }

  void install() {
    RETENTIONS.forEach(retention -> install(PREFIX + retention, retention));
    install(MANUAL, "");
  }

  private void install(String name, String retention) {
    Map<String, Object> spec = new HashMap<>();
    String place = Stores.root(config).resolve(name).toUri().toString();
    spec.put("configuration", Map.of("destinationPath", place));
    if (!retention.isEmpty()) {
      spec.put("retentionPolicy", retention);
    }
    var store =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(CustomResources.STORE_GROUP + "/" + CustomResources.VERSION)
            .withKind(CustomResources.OBJECT_STORE)
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .addToAdditionalProperties("spec", spec)
            .build();
    try {
      client
          .genericKubernetesResources(CustomResources.OBJECT_STORES)
          .inNamespace(config.namespace())
          .resource(store)
          .create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) { // else somebody's own stands
        throw e;
      }
    }
  }
}

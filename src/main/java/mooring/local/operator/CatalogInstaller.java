package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;

/** Offers the versions that can be run here as an ImageCatalog, unless there is one. */
final class CatalogInstaller {
  private static final String REPOSITORY = "ghcr.io/cloudnative-pg/postgresql";
  private final KubernetesClient client;
  private final OperatorConfig config;

  CatalogInstaller(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.config = config;
  }

  void install() {
    List<Map<String, Object>> images =
        config.binaries().majors().entrySet().stream()
            .map(
                version ->
                    Map.<String, Object>of(
                        "major", version.getKey(), "image", REPOSITORY + ":" + version.getValue()))
            .toList();
    var catalog =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(CustomResources.GROUP + "/" + CustomResources.VERSION)
            .withKind(CustomResources.IMAGE_CATALOG)
            .withNewMetadata()
            .withName(config.catalogName())
            .endMetadata()
            .addToAdditionalProperties("spec", Map.of("images", images))
            .build();
    try {
      client
          .genericKubernetesResources(CustomResources.IMAGE_CATALOGS)
          .inNamespace(config.namespace())
          .resource(catalog)
          .create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) { // else somebody's own stands
        throw e;
      }
    }
  }
}

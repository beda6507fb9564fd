package mooring.local.operator;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** CloudNativePG's kinds that the operator deals with. */
final class CustomResources {
  static final String GROUP = "postgresql.cnpg.io";
  static final String VERSION = "v1";
  static final String IMAGE_CATALOG = "ImageCatalog";
  static final ResourceDefinitionContext CLUSTERS = context("Cluster", "clusters");
  static final ResourceDefinitionContext IMAGE_CATALOGS = context(IMAGE_CATALOG, "imagecatalogs");

  private CustomResources() {}

  private static ResourceDefinitionContext context(String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(GROUP)
        .withVersion(VERSION)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}

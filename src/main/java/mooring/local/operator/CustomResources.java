package mooring.local.operator;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** CloudNativePG's kinds that the operator deals with. */
final class CustomResources {
  static final String GROUP = "postgresql.cnpg.io";
  static final String VERSION = "v1";
  static final String IMAGE_CATALOG = "ImageCatalog";
  static final String STORE_GROUP = "barmancloud.cnpg.io";
  static final String OBJECT_STORE = "ObjectStore";
  static final String BACKUP = "Backup";
  static final ResourceDefinitionContext CLUSTERS = context("Cluster", "clusters");
  static final ResourceDefinitionContext BACKUPS = context(BACKUP, "backups");
  static final ResourceDefinitionContext SCHEDULED_BACKUPS =
      context("ScheduledBackup", "scheduledbackups");
  static final ResourceDefinitionContext DATABASES = context("Database", "databases");
  static final ResourceDefinitionContext DATABASE_ROLES = context("DatabaseRole", "databaseroles");
  static final ResourceDefinitionContext OBJECT_STORES =
      context(STORE_GROUP, OBJECT_STORE, "objectstores");
  static final ResourceDefinitionContext IMAGE_CATALOGS = context(IMAGE_CATALOG, "imagecatalogs");

  static final ResourceDefinitionContext POOLERS = context("Pooler", "poolers");

  private CustomResources() {}

  private static ResourceDefinitionContext context(String kind, String plural) {
    return context(GROUP, kind, plural);
  }

  private static ResourceDefinitionContext context(String group, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(VERSION)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}

package mooring.platform;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * The Barman Cloud plugin and its ObjectStores, which the installation brings along: one for each
 * retention, and one that keeps what it is given until that is deleted.
 */
final class BackupStores {
  static final String PLUGIN = "barman-cloud.cloudnative-pg.io";

  /** By which a plugin's configuration names an ObjectStore. */
  static final String PARAMETER = "barmanObjectName";

  static final ResourceDefinitionContext RESOURCE =
      new ResourceDefinitionContext.Builder()
          .withGroup("barmancloud.cnpg.io")
          .withVersion("v1")
          .withKind("ObjectStore")
          .withPlural("objectstores")
          .withNamespaced(true)
          .build();

  private BackupStores() {}

  /** Whether the installation has any. */
  static boolean any(PlatformSettings settings) {
    return settings.backupStores() != null;
  }

  /** For backups that somebody asks for. */
  static String manual(PlatformSettings settings) {
    return settings.backupStores() + "-manual";
  }

  /** For the archive of a database whose daily backups are kept for so many days. */
  static String daily(PlatformSettings settings, int days) {
    return settings.backupStores() + "-" + days + "d";
  }
}

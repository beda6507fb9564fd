package mooring.platform;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Barman Cloud plugin and its ObjectStores, which the installation brings along: one for each
 * retention, and one that keeps what it is given until that is deleted.
 */
final class BackupStores {
  static final String PLUGIN = "barman-cloud.cloudnative-pg.io";

  /** By which a plugin's configuration names an ObjectStore. */
  static final String PARAMETER = "barmanObjectName";

  /** By which it names a server's part of it. */
  static final String SERVER = "serverName";

  static final ResourceDefinitionContext RESOURCE =
      new ResourceDefinitionContext.Builder()
          .withGroup("barmancloud.cnpg.io")
          .withVersion("v1")
          .withKind("ObjectStore")
          .withPlural("objectstores")
          .withNamespaced(true)
          .build();

  private static final Pattern DAILY = Pattern.compile(".*-(\\d{1,4})d");

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

  /** How many days a store of that name keeps backups; 0 for one that keeps all. */
  static int days(String store) {
    Matcher daily = DAILY.matcher(store);
    return daily.matches() ? Integer.parseInt(daily.group(1)) : 0;
  }
}

package mooring.platform;

import java.util.Map;
import mooring.core.Instance;
import mooring.core.Recovery;

/** Where a database's backups and logs are kept, as the Barman Cloud plugin is told. */
final class Archive {
  private static final String PLUGIN = "barman-cloud.cloudnative-pg.io";

  private Archive() {}

  /** Whether a database has one. */
  static boolean kept(Instance instance, PlatformSettings settings) {
    return settings.backupStores() != null && instance.setup().retentionDays() > 0;
  }

  /** The plugin that writes a database's own one. */
  static Map<String, Object> written(Instance instance, PlatformSettings settings) {
    String store = settings.backupStores() + "-" + instance.setup().retentionDays() + "d";
    return plugin(true, store, instance.archiveName());
  }

  /** The plugin that reads the one a database is recovered from. */
  static Map<String, Object> origin(Recovery recovery, String stores) {
    int days = recovery.retentionDays();
    String store = stores + "-" + (days == 0 ? "manual" : days + "d");
    return plugin(false, store, recovery.sourceName());
  }

  private static Map<String, Object> plugin(boolean archiver, String store, String server) {
    return Map.of(
        "name",
        PLUGIN,
        "enabled",
        true,
        "isWALArchiver",
        archiver,
        "parameters",
        Map.of(BackupStores.PARAMETER, store, BackupStores.SERVER, server));
  }
}

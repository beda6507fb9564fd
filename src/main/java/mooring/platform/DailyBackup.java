package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Map;
import mooring.core.Desired;
import mooring.core.Instance;

/** CloudNativePG's ScheduledBackup: one backup every night into the archive of the Cluster. */
final class DailyBackup {
  static final ResourceDefinitionContext RESOURCE =
      new ResourceDefinitionContext.Builder()
          .withGroup(PostgresCluster.GROUP)
          .withVersion("v1")
          .withKind("ScheduledBackup")
          .withPlural("scheduledbackups")
          .withNamespaced(true)
          .build();

  /** The label of the Backups that are made by a ScheduledBackup; its value is the name of that. */
  static final String MADE_BY = "cnpg.io/scheduled-backup";

  private static final int NIGHT_MINUTES = 6 * 60;
  private static final int HEXADECIMAL = 16;

  private DailyBackup() {}

  static String name(Instance instance) {
    return instance.clusterName();
  }

  /** Whether a database is to have one. */
  static boolean wanted(Instance instance, PlatformSettings settings) {
    return BackupStores.any(settings) && instance.setup().retentionDays() > 0;
  }

  static GenericKubernetesResource of(Instance instance, PlatformSettings settings) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("schedule", schedule(instance));
    spec.put("cluster", Map.of("name", PostgresCluster.name(instance)));
    spec.put("method", "plugin");
    String store = BackupStores.daily(settings, instance.setup().retentionDays());
    spec.put(
        "pluginConfiguration",
        Map.of("name", BackupStores.PLUGIN, "parameters", Map.of(BackupStores.PARAMETER, store)));
    spec.put("backupOwnerReference", "none");
    // The first one is what makes a recovery to a moment possible at all.
    spec.put("immediate", instance.setup().recovery() == null || instance.generation() > 1);
    spec.put("suspend", instance.desired() == Desired.STOPPED);
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(PostgresCluster.GROUP + "/v1")
        .withKind("ScheduledBackup")
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  /** Unless a time is asked for, at a minute of the night (UTC) of its own: not all at once. */
  private static String schedule(Instance instance) {
    LocalTime asked = instance.setup().policy().backupTime();
    if (asked != null) {
      return cron(asked.getMinute(), asked.getHour());
    }
    int minute =
        Integer.remainderUnsigned(
            Integer.parseUnsignedInt(instance.shortId(), HEXADECIMAL), NIGHT_MINUTES);
    return cron(minute % 60, minute / 60);
  }

  /** With seconds first. */
  private static String cron(int minute, int hour) {
    return "0 " + minute + " " + hour + " * * *";
  }
}

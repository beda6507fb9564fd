package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Map;
import mooring.core.BackupTime;
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

  private DailyBackup() {}

  /** That of the archive: another one begins with a backup of its own. */
  static String name(Instance instance) {
    return instance.archiveName();
  }

  /** Whether a database is to have one: what only follows another has what that one's has. */
  static boolean wanted(Instance instance, PlatformSettings settings) {
    return BackupStores.any(settings)
        && instance.setup().retentionDays() > 0
        && !instance.follows();
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
    spec.put(
        "immediate",
        instance.setup().recovery() == null || !instance.setup().lineage().former().isEmpty());
    spec.put("suspend", instance.desired() == Desired.STOPPED);
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(PostgresCluster.GROUP + "/v1")
        .withKind("ScheduledBackup")
        .withMetadata(Labels.metadata(instance, name(instance), settings))
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  /** With seconds first. */
  private static String schedule(Instance instance) {
    LocalTime time = BackupTime.of(instance);
    return "0 " + time.getMinute() + " " + time.getHour() + " * * *";
  }
}

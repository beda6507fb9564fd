package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.BackupRequest;
import mooring.core.Instance;

/** CloudNativePG's Backup, as it is made for a request. It is never changed afterwards. */
final class BackupObject {
  static final ResourceDefinitionContext RESOURCE =
      new ResourceDefinitionContext.Builder()
          .withGroup(PostgresCluster.GROUP)
          .withVersion("v1")
          .withKind("Backup")
          .withPlural("backups")
          .withNamespaced(true)
          .build();

  private static final Pattern NAME = Pattern.compile("db-[0-9a-f]{8}-b([0-9a-f]{8})");

  private BackupObject() {}

  static String name(Instance instance, String shortId) {
    return instance.objectName() + "-b" + shortId;
  }

  /** The request that an object of this name was made for; empty for the name of any other. */
  static Optional<String> shortId(String name) {
    Matcher ours = NAME.matcher(name);
    return ours.matches() ? Optional.of(ours.group(1)) : Optional.empty();
  }

  static GenericKubernetesResource of(
      Instance instance, BackupRequest request, PlatformSettings settings) {
    Map<String, Object> spec =
        Map.of(
            "cluster",
            Map.of("name", PostgresCluster.name(instance)),
            "method",
            "plugin",
            "pluginConfiguration",
            Map.of("name", BackupStores.PLUGIN, "parameters", parameters(instance, settings)));
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(PostgresCluster.GROUP + "/v1")
        .withKind("Backup")
        .withMetadata(Labels.metadata(instance, name(instance, request.shortId()), settings))
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  private static Map<String, Object> parameters(Instance instance, PlatformSettings settings) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(BackupStores.PARAMETER, BackupStores.manual(settings));
    if (!instance.archiveName().equals(instance.clusterName())) {
      parameters.put(BackupStores.SERVER, instance.archiveName());
    }
    return parameters;
  }
}

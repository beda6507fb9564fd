package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One server's place in an object store, as the Barman Cloud plugin names it.
 *
 * @param store name of the ObjectStore
 * @param serverName of the server in it
 */
record ArchiveTarget(String store, String serverName) {
  static final String PLUGIN = "barman-cloud.cloudnative-pg.io";

  /** Both become names of directories. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");

  ArchiveTarget {
    if (!NAME.matcher(store).matches() || !NAME.matcher(serverName).matches()) {
      throw new NotReadyException(
          Phase.INVALID_DEFINITION, "not the name of an object store and of a server in it");
    }
  }

  /** Where a Cluster's write-ahead log is archived. */
  static Optional<ArchiveTarget> of(GenericKubernetesResource cluster) {
    if (cluster.get("spec", "plugins") instanceof List<?> plugins) {
      for (Object plugin : plugins) {
        if (plugin instanceof Map<?, ?> fields
            && PLUGIN.equals(fields.get("name"))
            && Boolean.TRUE.equals(fields.get("isWALArchiver"))
            && !Boolean.FALSE.equals(fields.get("enabled"))) {
          return Optional.of(of(fields, cluster.getMetadata().getName()));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether this is where a Cluster's write-ahead log is archived. */
  boolean isOf(GenericKubernetesResource cluster) {
    try {
      return of(cluster).equals(Optional.of(this));
    } catch (NotReadyException e) {
      return false; // it names no place that there could be
    }
  }

  /** From the plugin's parameters. */
  static ArchiveTarget of(Map<?, ?> plugin, String defaultServer) {
    Map<?, ?> parameters = plugin.get("parameters") instanceof Map<?, ?> map ? map : Map.of();
    String store = parameters.get("barmanObjectName") instanceof String name ? name : "";
    String server = parameters.get("serverName") instanceof String name ? name : defaultServer;
    return new ArchiveTarget(store, server);
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which other Cluster's data a Cluster begins with, and whether it is to follow that one.
 *
 * @param cluster the other one's name
 * @param followed whether it is to be followed; otherwise it was, or was only copied
 */
record ReplicaSource(String cluster, boolean followed) {
  /** The Service of a Cluster's primary, alone or with its namespace. */
  private static final Pattern HOST = Pattern.compile("([^.]+)-rw([.].*)?");

  /** Empty when its data are its own from the first, or come from an archive. */
  static Optional<ReplicaSource> of(GenericKubernetesResource cluster) {
    Fields fields = new Fields(cluster);
    boolean followed = fields.flag("spec", "replica", "enabled");
    String copied = fields.text("", "spec", "bootstrap", "pg_basebackup", "source");
    String source = followed ? fields.text(copied, "spec", "replica", "source") : copied;
    return source.isEmpty()
        ? Optional.empty()
        : host(cluster, source).map(name -> new ReplicaSource(name, followed));
  }

  /** The Cluster that one follows: none or one. */
  static List<String> followed(GenericKubernetesResource cluster) {
    return of(cluster)
        .filter(ReplicaSource::followed)
        .filter(source -> !cluster.isMarkedForDeletion())
        .map(source -> List.of(source.cluster()))
        .orElse(List.of());
  }

  private static Optional<String> host(GenericKubernetesResource cluster, String source) {
    if (cluster.get("spec", "externalClusters") instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof Map<?, ?> fields
            && source.equals(fields.get("name"))
            && fields.get("connectionParameters") instanceof Map<?, ?> parameters) {
          Matcher host = HOST.matcher(String.valueOf(parameters.get("host")));
          return host.matches() ? Optional.of(host.group(1)) : Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a Cluster's data is recovered from.
 *
 * @param archive the server whose backups and write-ahead log are taken
 * @param backupId the backup to start from; empty when the target time decides
 * @param targetTime the time to recover to; empty: up to the end, or to the backup's own end
 * @param exclusive whether to stop just before the target time
 * @param immediate whether to recover just the backup
 */
record RecoverySource(
    ArchiveTarget archive,
    String backupId,
    Optional<Instant> targetTime,
    boolean exclusive,
    boolean immediate) {

  /** Empty when the data is made new. */
  static Optional<RecoverySource> of(GenericKubernetesResource cluster) {
    if (cluster.get("spec", "bootstrap", "recovery") == null) {
      return Optional.empty();
    }
    Fields fields = new Fields(cluster);
    String source = fields.text("", "spec", "bootstrap", "recovery", "source");
    Object[] target = {"spec", "bootstrap", "recovery", "recoveryTarget"};
    return Optional.of(
        new RecoverySource(
            external(cluster, source),
            fields.text("", plus(target, "backupID")),
            time(fields.text("", plus(target, "targetTime"))),
            fields.flag(plus(target, "exclusive")),
            fields.flag(plus(target, "targetImmediate"))));
  }

  private static Object[] plus(Object[] path, String field) {
    Object[] longer = Arrays.copyOf(path, path.length + 1);
    longer[path.length] = field;
    return longer;
  }

  private static ArchiveTarget external(GenericKubernetesResource cluster, String source) {
    if (cluster.get("spec", "externalClusters") instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof Map<?, ?> fields
            && source.equals(fields.get("name"))
            && fields.get("plugin") instanceof Map<?, ?> plugin
            && ArchiveTarget.PLUGIN.equals(plugin.get("name"))) {
          return ArchiveTarget.of(plugin, source);
        }
      }
    }
    throw new NotReadyException(
        Phase.INVALID_DEFINITION, "no external cluster \"" + source + "\" in an object store");
  }

  private static Optional<Instant> time(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text.trim().replace(' ', 'T')).toInstant());
    } catch (DateTimeException e) {
      throw new NotReadyException(
          Phase.INVALID_DEFINITION, "not a target time by RFC 3339: " + text);
    }
  }
}

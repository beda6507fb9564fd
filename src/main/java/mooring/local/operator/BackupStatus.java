package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what becomes of a Backup, in CloudNativePG's words. */
final class BackupStatus {
  private static final Logger log = LoggerFactory.getLogger(BackupStatus.class);
  private final KubernetesClient client;

  BackupStatus(KubernetesClient client) {
    this.client = client;
  }

  static String phase(GenericKubernetesResource backup) {
    return new Fields(backup).text("", "status", "phase");
  }

  static boolean isFinished(GenericKubernetesResource backup) {
    return phase(backup).equals("completed") || phase(backup).equals("failed");
  }

  /** Fails with an {@link OutdatedException} when the backup has changed since it was read. */
  void pending(GenericKubernetesResource backup) {
    if (!phase(backup).equals("pending")) {
      writeIfUnchanged(backup, "pending", Map.of("method", "plugin"));
    }
  }

  /** Fails as {@link #pending} does: what has ended since is not to be begun again. */
  void running(GenericKubernetesResource backup, String id, ArchiveTarget target, Instant start) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("backupId", id);
    fields.put("backupName", "backup-" + id);
    fields.put("serverName", target.serverName());
    fields.put("method", "plugin");
    fields.put("online", true);
    fields.put("startedAt", start.truncatedTo(ChronoUnit.SECONDS).toString());
    fields.put("stoppedAt", null);
    fields.put("error", null);
    writeIfUnchanged(backup, "running", fields);
  }

  void finalizing(GenericKubernetesResource backup) {
    write(backup, "finalizing", Map.of());
  }

  void completed(GenericKubernetesResource backup, BackupCopy copy, ArchiveTarget target) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("backupId", copy.id());
    fields.put("backupName", "backup-" + copy.id());
    fields.put("serverName", target.serverName());
    fields.put("method", "plugin");
    fields.put("majorVersion", copy.major());
    fields.put("beginWal", copy.beginWal());
    fields.put("endWal", copy.endWal());
    fields.put("startedAt", copy.startedAt().truncatedTo(ChronoUnit.SECONDS).toString());
    fields.put("stoppedAt", wholeSecond(copy.stoppedAt()));
    fields.put("pluginMetadata", Map.of("sizeBytes", Long.toString(copy.sizeBytes())));
    fields.put("error", null);
    write(backup, "completed", fields);
  }

  void failed(GenericKubernetesResource backup, String reason, Instant now) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("method", "plugin");
    fields.put("error", reason);
    fields.put("stoppedAt", now.truncatedTo(ChronoUnit.SECONDS).toString());
    write(backup, "failed", fields);
  }

  /** The first whole second at which the backup is there: a time to recover to may be that one. */
  static String wholeSecond(Instant time) {
    return time.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void write(GenericKubernetesResource backup, String phase, Map<String, Object> fields) {
    write(backup, phase, fields, Map.of());
  }

  private void writeIfUnchanged(
      GenericKubernetesResource backup, String phase, Map<String, Object> fields) {
    String version = backup.getMetadata().getResourceVersion();
    write(backup, phase, fields, Map.of("metadata", Map.of("resourceVersion", version)));
  }

  private void write(
      GenericKubernetesResource backup,
      String phase,
      Map<String, Object> fields,
      Map<String, Object> condition) {
    Map<String, Object> status = new HashMap<>(fields);
    status.put("phase", phase);
    Map<String, Object> change = new HashMap<>(condition);
    change.put("status", status);
    String name = backup.getMetadata().getName();
    try {
      client
          .genericKubernetesResources(CustomResources.BACKUPS)
          .inNamespace(backup.getMetadata().getNamespace())
          .withName(name)
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(change));
      log.atInfo()
          .addKeyValue("backup", name)
          .addKeyValue("phase", phase)
          .addKeyValue("reason", fields.get("error"))
          .log("Backup status");
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw new OutdatedException(name, e);
      }
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) { // else nobody asks any more
        throw e;
      }
    }
  }
}

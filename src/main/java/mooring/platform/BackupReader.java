package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mooring.core.Backup.Phase;
import mooring.core.SeenBackup;

/** Reads what CloudNativePG says of a Backup. */
final class BackupReader {
  private static final int SHORT_ID = 8;

  private BackupReader() {}

  /** The cluster that a Backup is of. */
  static String cluster(GenericKubernetesResource backup) {
    return text(backup.get("spec", "cluster", "name"));
  }

  /** A Backup of a database; empty for one that is neither ours nor made daily. */
  static Optional<SeenBackup> read(GenericKubernetesResource backup, UUID instance) {
    Map<String, String> labels = backup.getMetadata().getLabels();
    if (labels != null && labels.containsKey(DailyBackup.MADE_BY)) {
      String id = backup.getMetadata().getUid().replace("-", "").substring(0, SHORT_ID);
      return Optional.of(seen(backup, instance, id, false));
    }
    return BackupObject.shortId(backup.getMetadata().getName())
        .filter(id -> Labels.belongs(backup, instance))
        .map(id -> seen(backup, instance, id, true));
  }

  /** Whether a Backup is complete. */
  static boolean completed(GenericKubernetesResource backup) {
    return phase(text(backup.get("status", "phase"))) == Phase.COMPLETED;
  }

  private static SeenBackup seen(
      GenericKubernetesResource backup, UUID instance, String shortId, boolean manual) {
    Phase phase = phase(text(backup.get("status", "phase")));
    boolean completed = phase == Phase.COMPLETED;
    return new SeenBackup(
        shortId,
        instance,
        manual,
        phase,
        phase == Phase.FAILED ? reason(backup) : null,
        size(backup),
        time(backup.getMetadata().getCreationTimestamp()),
        time(backup.get("status", "startedAt")),
        completed ? time(backup.get("status", "stoppedAt")) : null,
        manual ? 0 : archiveDays(backup),
        completed ? platformId(backup) : null);
  }

  /** A database's archive changes with its size; each backup says where it went. */
  private static int archiveDays(GenericKubernetesResource backup) {
    String store =
        text(backup.get("spec", "pluginConfiguration", "parameters", BackupStores.PARAMETER));
    return store == null ? 0 : BackupStores.days(store);
  }

  private static Phase phase(String phase) {
    return switch (phase == null ? "pending" : phase) {
      case "pending" -> Phase.PENDING;
      case "completed" -> Phase.COMPLETED;
      case "failed", "walArchivingFailing", "invalid backup definition" -> Phase.FAILED;
      // Started, running, finalizing; and what a later release may put between them.
      default -> Phase.IN_PROGRESS;
    };
  }

  private static String reason(GenericKubernetesResource backup) {
    String error = text(backup.get("status", "error"));
    return error == null ? text(backup.get("status", "phase")) : error;
  }

  private static String platformId(GenericKubernetesResource backup) {
    String id = text(backup.get("status", "backupId"));
    return id == null ? backup.getMetadata().getName() : id;
  }

  private static long size(GenericKubernetesResource backup) {
    String size = text(backup.get("status", "pluginMetadata", "sizeBytes"));
    return size != null && size.matches("\\d{1,18}") ? Long.parseLong(size) : 0;
  }

  /** A time as Kubernetes writes it; null for none, or for what is not one. */
  static Instant time(Object value) {
    String text = text(value);
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String text(Object value) {
    return value == null || value.toString().isBlank() ? null : value.toString();
  }
}

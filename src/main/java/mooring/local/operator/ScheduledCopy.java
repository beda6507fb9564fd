package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Backup objects of one ScheduledBackup. */
record ScheduledCopy(GenericKubernetesResource schedule, GenericKubernetesResource cluster) {
  private static final DateTimeFormatter COMPACT =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);
  private static final List<String> COPIED =
      List.of(
          "cluster", "method", "pluginConfiguration", "online", "onlineConfiguration", "target");

  GenericKubernetesResource backup(Instant time) {
    String name = schedule.getMetadata().getName();
    Map<String, Object> spec = new LinkedHashMap<>();
    for (String field : COPIED) {
      Object value = schedule.get("spec", field);
      if (value != null) {
        spec.put(field, value);
      }
    }
    GenericKubernetesResource backup = new GenericKubernetesResource();
    backup.setApiVersion(CustomResources.GROUP + "/" + CustomResources.VERSION);
    backup.setKind(CustomResources.BACKUP);
    backup.setMetadata(
        new ObjectMetaBuilder()
            .withName(name + "-" + COMPACT.format(time))
            .addToLabels("cnpg.io/scheduled-backup", name)
            .addToLabels("cnpg.io/cluster", cluster.getMetadata().getName())
            .withOwnerReferences(owners())
            .build());
    backup.setAdditionalProperty("spec", spec);
    return backup;
  }

  private List<OwnerReference> owners() {
    return switch (new Fields(schedule).text("none", "spec", "backupOwnerReference")) {
      case "self" -> List.of(owner(schedule));
      case "cluster" -> List.of(owner(cluster));
      default -> List.of();
    };
  }

  private static OwnerReference owner(GenericKubernetesResource object) {
    return new OwnerReferenceBuilder(Owner.of(object)).withBlockOwnerDeletion(true).build();
  }
}

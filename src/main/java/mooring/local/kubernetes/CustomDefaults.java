package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Defaults of the custom resources, as their published definitions state them. One takes effect
 * where the object that holds the field is present.
 */
final class CustomDefaults {
  /** Kind, path ({@code []}: each item), value. */
  private static final String TABLE =
      """
      Cluster spec.instances 1
      Cluster spec.enablePDB true
      Cluster spec.enableSuperuserAccess false
      Cluster spec.failoverDelay 0
      Cluster spec.logLevel "info"
      Cluster spec.maxSyncReplicas 0
      Cluster spec.minSyncReplicas 0
      Cluster spec.postgresGID 26
      Cluster spec.postgresUID 26
      Cluster spec.primaryUpdateMethod "restart"
      Cluster spec.primaryUpdateStrategy "unsupervised"
      Cluster spec.replicationSlots {"highAvailability":{"enabled":true}}
      Cluster spec.replicationSlots.highAvailability {"enabled":true}
      Cluster spec.replicationSlots.highAvailability.enabled true
      Cluster spec.replicationSlots.highAvailability.slotPrefix "_cnpg_"
      Cluster spec.replicationSlots.synchronizeReplicas.enabled true
      Cluster spec.replicationSlots.updateInterval 30
      Cluster spec.smartShutdownTimeout 180
      Cluster spec.startDelay 3600
      Cluster spec.stopDelay 1800
      Cluster spec.switchoverDelay 3600
      Cluster spec.storage.resizeInUseVolumes true
      Cluster spec.walStorage.resizeInUseVolumes true
      Cluster spec.backup.target "prefer-standby"
      Cluster spec.plugins[].enabled true
      Cluster spec.plugins[].isWALArchiver false
      Cluster spec.externalClusters[].plugin.enabled true
      Cluster spec.externalClusters[].plugin.isWALArchiver false
      Cluster spec.managed.roles[].connectionLimit -1
      Cluster spec.managed.roles[].ensure "present"
      Cluster spec.managed.roles[].inherit true
      Cluster spec.managed.services.additional[].updateStrategy "patch"
      Cluster spec.managed.services.additional[].serviceTemplate.spec.ports[].protocol "TCP"
      Cluster spec.monitoring.disableDefaultQueries false
      Cluster spec.monitoring.enablePodMonitor false
      Cluster spec.nodeMaintenanceWindow.inProgress false
      Cluster spec.nodeMaintenanceWindow.reusePVC true
      Backup spec.method "barmanObjectStore"
      Backup spec.onlineConfiguration.waitForArchive true
      ScheduledBackup spec.backupOwnerReference "none"
      ScheduledBackup spec.method "barmanObjectStore"
      ScheduledBackup spec.onlineConfiguration.waitForArchive true
      Database spec.databaseReclaimPolicy "retain"
      Database spec.ensure "present"
      Database spec.extensions[].ensure "present"
      Database spec.schemas[].ensure "present"
      DatabaseRole spec.connectionLimit -1
      DatabaseRole spec.databaseRoleReclaimPolicy "retain"
      DatabaseRole spec.ensure "present"
      DatabaseRole spec.inherit true
      DatabaseRole spec.clientCertificate.enabled true
      Pooler spec.instances 1
      Pooler spec.type "rw"
      Pooler spec.pgbouncer.paused false
      Pooler spec.pgbouncer.poolMode "session"
      Pooler spec.monitoring.enablePodMonitor false
      Pooler spec.serviceTemplate.spec.ports[].protocol "TCP"
      Pooler spec.template.spec.containers[].ports[].protocol "TCP"
      """;

  private final Map<String, List<Default>> byKind =
      TABLE.lines().map(Default::parse).collect(Collectors.groupingBy(Default::kind));

  void fill(ResourceType type, ObjectNode object) {
    byKind.getOrDefault(type.kind(), List.of()).forEach(d -> d.fill(object));
  }

  private record Default(String kind, List<String> holder, String field, JsonNode value) {

    static Default parse(String line) {
      String[] parts = line.split(" ", 3);
      int last = parts[1].lastIndexOf('.');
      List<String> holder = List.of(parts[1].substring(0, last).split("\\."));
      try {
        JsonNode value = Json.read(parts[2].getBytes(StandardCharsets.UTF_8));
        return new Default(parts[0], holder, parts[1].substring(last + 1), value);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void fill(ObjectNode object) {
      List<JsonNode> holders = List.of(object);
      for (String step : holder) {
        holders = step(holders, step);
      }
      for (JsonNode h : holders) {
        if (h instanceof ObjectNode o && !o.has(field)) {
          o.set(field, value.deepCopy());
        }
      }
    }

    private static List<JsonNode> step(List<JsonNode> from, String step) {
      boolean items = step.endsWith("[]");
      String name = items ? step.substring(0, step.length() - 2) : step;
      List<JsonNode> to = new ArrayList<>();
      for (JsonNode node : from) {
        if (items) {
          node.path(name).forEach(to::add);
        } else {
          to.add(node.path(name));
        }
      }
      return to;
    }
  }
}

package mooring.local.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mooring.local.operator.RoleOutcome.Applied;

/** The part of a Cluster's status that tells of its managed roles. */
final class RoleStatus {
  private static final String FIELD = "managedRolesStatus";
  private final GenericKubernetesResource cluster;

  RoleStatus(GenericKubernetesResource cluster) {
    this.cluster = cluster;
  }

  /** The fields to merge: none while there never was a managed role. */
  Map<String, Object> of(DatabasePlan plan, RoleOutcome outcome) {
    List<ManagedRole> roles = plan.spec().roles();
    if (roles.isEmpty() && cluster.get("status", FIELD) == null) {
      return Map.of();
    }
    Map<String, Object> byStatus = absent("byStatus");
    Map<String, Object> passwords = absent("passwordStatus");
    Map<String, Object> refused = absent("cannotReconcile");
    for (ManagedRole role : roles) {
      Applied applied = outcome.applied().get(role.name());
      String failure = outcome.failures().get(role.name());
      String status = applied == null ? "pending-reconciliation" : "reconciled";
      add(byStatus, role.isReserved() ? "reserved" : status, role.name());
      if (failure != null) {
        refused.put(role.name(), List.of(failure));
      }
      if (applied != null && !role.secretName().isEmpty()) {
        passwords.put(
            role.name(),
            Map.of(
                "resourceVersion",
                applied.secretVersion(),
                "transactionID",
                number(applied.transaction())));
      }
    }
    return Map.of(
        FIELD,
        Map.of("byStatus", byStatus, "passwordStatus", passwords, "cannotReconcile", refused));
  }

  /** As it is read back from JSON, so that it compares equal. */
  private static Number number(long value) {
    if (value == (int) value) {
      return (int) value;
    }
    return value;
  }

  private static void add(Map<String, Object> byStatus, String status, String role) {
    List<Object> names = new ArrayList<>();
    if (byStatus.get(status) instanceof List<?> before) {
      names.addAll(before);
    }
    names.add(role);
    byStatus.put(status, names);
  }

  /** Nulls for what is there now, so that what is not said anew is removed. */
  private Map<String, Object> absent(String field) {
    Map<String, Object> fields = new HashMap<>();
    if (cluster.get("status", FIELD, field) instanceof Map<?, ?> present) {
      present.keySet().forEach(name -> fields.put(String.valueOf(name), null));
    }
    return fields;
  }
}

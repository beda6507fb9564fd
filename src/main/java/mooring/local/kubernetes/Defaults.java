package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import mooring.local.kubernetes.ResourceType.Trait;

/** The values that the API server fills in before it stores an object. */
final class Defaults {
  private final CustomDefaults custom = new CustomDefaults();

  void fill(ResourceType type, ObjectNode object) {
    if (type.has(Trait.CUSTOM)) {
      custom.fill(type, object);
      return;
    }
    switch (type.kind()) {
      case "Secret" -> secret(object);
      case "Service" -> service(object.withObjectProperty("spec"));
      case "StatefulSet" -> statefulSet(object.withObjectProperty("spec"));
      case "PersistentVolumeClaim" ->
          absent(object.withObjectProperty("spec"), "volumeMode", "Filesystem");
      case "NetworkPolicy" -> networkPolicy(object.withObjectProperty("spec"));
      case "Pod" -> PodDefaults.fill(object.withObjectProperty("spec"));
      default -> {}
    }
  }

  /** What a new object starts with beside what its writer named. */
  void initialize(ResourceType type, ObjectNode object) {
    switch (type.kind()) {
      case "Namespace" -> {
        object.withObjectProperty("spec").putArray("finalizers").add("kubernetes");
        object.withObjectProperty("status").put("phase", "Active");
      }
      case "Service" -> object.withObjectProperty("status").putObject("loadBalancer");
      case "StatefulSet" -> object.withObjectProperty("status").put("replicas", 0);
      case "PersistentVolumeClaim", "Pod" ->
          object.withObjectProperty("status").put("phase", "Pending");
      default -> {}
    }
  }

  private static void secret(ObjectNode secret) {
    absent(secret, "type", "Opaque");
    JsonNode plain = secret.remove("stringData");
    if (plain != null && plain.isObject()) {
      ObjectNode data = secret.withObjectProperty("data");
      Base64.Encoder base64 = Base64.getEncoder();
      plain
          .properties()
          .forEach(
              e -> {
                byte[] bytes = e.getValue().asText().getBytes(StandardCharsets.UTF_8);
                data.put(e.getKey(), base64.encodeToString(bytes));
              });
    }
  }

  private static void service(ObjectNode spec) {
    absent(spec, "sessionAffinity", "None");
    absent(spec, "type", "ClusterIP");
    for (JsonNode port : spec.path("ports")) {
      if (port instanceof ObjectNode p) {
        absent(p, "protocol", "TCP");
        if (!p.has("targetPort") && p.has("port")) {
          p.set("targetPort", p.get("port"));
        }
      }
    }
    if (ServiceAllocator.exposesNodePorts(spec)) {
      absent(spec, "externalTrafficPolicy", "Cluster");
    }
  }

  private static void statefulSet(ObjectNode spec) {
    if (!spec.has("replicas")) {
      spec.put("replicas", 1);
    }
    absent(spec, "podManagementPolicy", "OrderedReady");
    if (!spec.has("revisionHistoryLimit")) {
      spec.put("revisionHistoryLimit", 10);
    }
    ObjectNode strategy = spec.withObjectProperty("updateStrategy");
    absent(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate") && !strategy.has("rollingUpdate")) {
      strategy.putObject("rollingUpdate").put("partition", 0);
    }
    ObjectNode retention = spec.withObjectProperty("persistentVolumeClaimRetentionPolicy");
    absent(retention, "whenDeleted", "Retain");
    absent(retention, "whenScaled", "Retain");
    for (JsonNode claim : spec.path("volumeClaimTemplates")) {
      if (claim instanceof ObjectNode c) {
        absent(c, "apiVersion", "v1");
        absent(c, "kind", "PersistentVolumeClaim");
        absent(c.withObjectProperty("spec"), "volumeMode", "Filesystem");
        absent(c.withObjectProperty("status"), "phase", "Pending");
      }
    }
    PodDefaults.fill(spec.withObjectProperty("template").withObjectProperty("spec"));
  }

  private static void networkPolicy(ObjectNode spec) {
    spec.withObjectProperty("podSelector");
    if (!spec.has("policyTypes")) {
      var types = spec.putArray("policyTypes").add("Ingress");
      if (spec.has("egress")) {
        types.add("Egress");
      }
    }
    for (String direction : new String[] {"ingress", "egress"}) {
      for (JsonNode rule : spec.path(direction)) {
        for (JsonNode port : rule.path("ports")) {
          if (port instanceof ObjectNode p) {
            absent(p, "protocol", "TCP");
          }
        }
      }
    }
  }

  static void absent(ObjectNode object, String field, String value) {
    if (!object.hasNonNull(field) || object.get(field).asText().isEmpty()) {
      object.put(field, value);
    }
  }
}

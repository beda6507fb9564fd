package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import mooring.local.kubernetes.StatusException.Cause;

/** What the API server refuses of StatefulSets and of their claims. */
final class WorkloadValidation {
  private static final List<String> CHANGEABLE =
      List.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  private WorkloadValidation() {}

  /** The earlier state is null for a new one. */
  static void statefulSet(ResourceType type, ObjectNode before, ObjectNode after) {
    if (before != null && !fixed(before).equals(fixed(after))) {
      throw StatusException.invalid(
          type,
          Meta.name(after),
          Cause.forbidden(
              "spec",
              "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                  + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                  + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are"
                  + " forbidden"));
    }
    JsonNode spec = after.path("spec");
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    for (var wanted : spec.path("selector").path("matchLabels").properties()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        throw StatusException.invalid(
            type,
            Meta.name(after),
            Cause.invalid(
                "spec.template.metadata.labels",
                labels.toString(),
                "`selector` does not match template `labels`"));
      }
    }
  }

  private static ObjectNode fixed(ObjectNode set) {
    ObjectNode spec = set.path("spec").deepCopy();
    spec.remove(CHANGEABLE);
    return spec;
  }

  /** A claim may grow, and be bound to its volume, but not change otherwise. */
  static void claim(ResourceType type, ObjectNode before, ObjectNode after) {
    if (!rest(before).equals(rest(after))) {
      throw StatusException.invalid(
          type,
          Meta.name(after),
          Cause.forbidden(
              "spec",
              "spec is immutable after creation except resources.requests for bound claims"));
    }
    if (requested(after).compareTo(requested(before)) < 0) {
      throw StatusException.invalid(
          type,
          Meta.name(after),
          Cause.forbidden(
              "spec.resources.requests.storage", "field can not be less than previous value"));
    }
  }

  private static ObjectNode rest(ObjectNode claim) {
    ObjectNode spec = claim.path("spec").deepCopy();
    spec.remove(List.of("resources", "volumeName"));
    return spec;
  }

  private static BigDecimal requested(ObjectNode claim) {
    String size = claim.path("spec").path("resources").path("requests").path("storage").asText("0");
    return Quantity.getAmountInBytes(new Quantity(size));
  }
}

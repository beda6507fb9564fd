package mooring.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What the API server fills into the description of a Pod, wherever it stands. */
final class PodDefaults {
  private static final int FILE_MODE = 0644;

  private PodDefaults() {}

  static void fill(ObjectNode pod) {
    Defaults.absent(pod, "restartPolicy", "Always");
    absent(pod, "terminationGracePeriodSeconds", 30);
    Defaults.absent(pod, "dnsPolicy", "ClusterFirst");
    Defaults.absent(pod, "schedulerName", "default-scheduler");
    pod.withObjectProperty("securityContext");
    for (String list : List.of("containers", "initContainers")) {
      pod.path(list).forEach(PodDefaults::container);
    }
    for (JsonNode volume : pod.path("volumes")) {
      for (String source : List.of("secret", "configMap")) {
        if (volume.path(source) instanceof ObjectNode files) {
          absent(files, "defaultMode", FILE_MODE);
        }
      }
    }
  }

  private static void container(JsonNode node) {
    if (!(node instanceof ObjectNode container)) {
      return;
    }
    String image = container.path("image").asText();
    boolean latest =
        image.endsWith(":latest") || !image.substring(image.lastIndexOf('/') + 1).contains(":");
    Defaults.absent(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
    Defaults.absent(container, "terminationMessagePath", "/dev/termination-log");
    Defaults.absent(container, "terminationMessagePolicy", "File");
    container.withObjectProperty("resources");
    for (JsonNode port : container.path("ports")) {
      if (port instanceof ObjectNode p) {
        Defaults.absent(p, "protocol", "TCP");
      }
    }
    for (String name : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      if (container.path(name) instanceof ObjectNode probe) {
        absent(probe, "timeoutSeconds", 1);
        absent(probe, "periodSeconds", 10);
        absent(probe, "successThreshold", 1);
        absent(probe, "failureThreshold", 3);
      }
    }
    for (JsonNode variable : container.path("env")) {
      if (variable.path("valueFrom").path("fieldRef") instanceof ObjectNode field) {
        Defaults.absent(field, "apiVersion", "v1");
      }
    }
  }

  private static void absent(ObjectNode object, String field, int value) {
    if (!object.hasNonNull(field)) {
      object.put(field, value);
    }
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.core.Observation.Condition;

/** Reads what CloudNativePG says of a Cluster. */
final class CloudNativePgReader {
  private static final Pattern TAGGED_MAJOR = Pattern.compile("[^@]*:(\\d+)[^/:@]*(@.*)?");

  private CloudNativePgReader() {}

  /** The order matters: a Cluster that is hibernated or deleted keeps the phase it had. */
  static ClusterView read(GenericKubernetesResource cluster) {
    if (cluster.getMetadata().getDeletionTimestamp() != null) {
      return view(cluster, Condition.DELETING, null);
    }
    Map<?, ?> hibernation = condition(cluster, "cnpg.io/hibernation");
    Condition hibernated = hibernation == null ? null : hibernated(hibernation);
    if (hibernated != null) {
      return view(cluster, hibernated, text(hibernation.get("message")));
    }
    return phase(cluster);
  }

  private static Condition hibernated(Map<?, ?> condition) {
    String reason = String.valueOf(condition.get("reason"));
    return switch (reason) {
      case "Hibernated" -> isTrue(condition) ? Condition.STOPPED : null;
      case "DeletingPods", "WaitingPodsDeletion", "WaitingForHealthy" -> Condition.STOPPING;
      // Only we write that annotation, so this says that we write it wrong.
      case "WrongAnnotationValue" -> Condition.BROKEN;
      default -> null;
    };
  }

  private static ClusterView phase(GenericKubernetesResource cluster) {
    String phase = text(cluster.get("status", "phase"));
    String reason = text(cluster.get("status", "phaseReason"));
    if (phase == null) {
      return view(cluster, Condition.SETTING_UP, reason);
    }
    Condition meaning = ClusterPhase.meaning(phase).orElse(null);
    if (meaning == null) {
      return view(cluster, Condition.SCALING, phase);
    }
    Map<?, ?> ready = condition(cluster, "Ready");
    Judged judged = judged(cluster, ready);
    if (judged == Judged.BEFORE && (meaning == Condition.HEALTHY || invalid(phase))) {
      return view(cluster, Condition.CONFIGURING, null);
    }
    if (meaning == Condition.HEALTHY && (ready == null || !isTrue(ready))) {
      String message = ready == null ? reason : text(ready.get("message"));
      return view(cluster, Condition.SCALING, message);
    }
    if (meaning == Condition.BROKEN) {
      boolean refused = judged == Judged.NOW && invalid(phase);
      return view(cluster, refused ? Condition.REFUSED : meaning, reason == null ? phase : reason);
    }
    return view(cluster, meaning, reason);
  }

  private static boolean invalid(String phase) {
    return phase.equals(ClusterPhase.INVALID);
  }

  /** Which definition of the Cluster is spoken of: an operator may tell, and may not. */
  private enum Judged {
    UNTOLD,
    BEFORE,
    NOW
  }

  private static Judged judged(GenericKubernetesResource cluster, Map<?, ?> ready) {
    Long generation = cluster.getMetadata().getGeneration();
    Object told = ready == null ? null : ready.get("observedGeneration");
    if (generation == null || !(told instanceof Number number) || number.longValue() == 0) {
      return Judged.UNTOLD;
    }
    return number.longValue() < generation ? Judged.BEFORE : Judged.NOW;
  }

  private static ClusterView view(
      GenericKubernetesResource cluster, Condition condition, String message) {
    return new ClusterView(
        condition,
        message,
        version(cluster),
        number(cluster.get("status", "readyInstances")),
        number(cluster.get("spec", "instances")),
        Quantities.milli(cluster.get("spec", "resources", "requests", "cpu")),
        Quantities.mib(cluster.get("spec", "resources", "limits", "memory")),
        Quantities.mib(cluster.get("spec", "storage", "size")),
        // The operator moves the label that the Service selects by to one that serves.
        true,
        passwordVersion(cluster),
        Versions.of(cluster),
        Generation.of(cluster),
        ServersReader.read(cluster, version(cluster)));
  }

  /** What the data is, not what the image would like it to be. */
  private static String version(GenericKubernetesResource cluster) {
    Object major = cluster.get("status", "pgDataImageInfo", "majorVersion");
    if (major != null) {
      return major.toString();
    }
    String image = text(cluster.get("status", "image"));
    Matcher tag = TAGGED_MAJOR.matcher(image == null ? "" : image);
    return tag.matches() ? tag.group(1) : null;
  }

  private static long passwordVersion(GenericKubernetesResource cluster) {
    String owner = ClusterBootstrap.owner(cluster);
    String version =
        text(
            cluster.get(
                "status", "managedRolesStatus", "passwordStatus", owner, "resourceVersion"));
    return Versions.parse(version);
  }

  private static Map<?, ?> condition(GenericKubernetesResource cluster, String type) {
    if (cluster.get("status", "conditions") instanceof List<?> conditions) {
      for (Object entry : conditions) {
        if (entry instanceof Map<?, ?> condition && type.equals(condition.get("type"))) {
          return condition;
        }
      }
    }
    return null;
  }

  private static boolean isTrue(Map<?, ?> condition) {
    return "True".equals(condition.get("status"));
  }

  private static String text(Object value) {
    return value == null || value.toString().isBlank() ? null : value.toString();
  }

  private static int number(Object value) {
    return value instanceof Number number ? number.intValue() : 0;
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import mooring.core.Administered;

/** Reads what CloudNativePG says of a DatabaseRole or a Database. */
final class ContentsReader {
  private ContentsReader() {}

  /** What became of the last thing that an object asks for. */
  static Administered read(GenericKubernetesResource object) {
    boolean applied = Boolean.TRUE.equals(object.get("status", "applied"));
    return new Administered(
        applied && current(object), Versions.of(object), applied ? null : message(object));
  }

  /** The same for a role, which has to have the password of a Secret. */
  static Administered read(GenericKubernetesResource role, String secretVersion) {
    Administered read = read(role);
    boolean taken = secretVersion.equals(role.get("status", "secretResourceVersion"));
    return new Administered(read.done() && taken, read.version(), read.refusal());
  }

  /** Whether the servers have ever had what it stands for by this object. */
  static boolean everApplied(GenericKubernetesResource object) {
    return object.get("status", "observedGeneration") instanceof Number;
  }

  private static boolean current(GenericKubernetesResource object) {
    return object.get("status", "observedGeneration") instanceof Number observed
        && observed.longValue() == object.getMetadata().getGeneration();
  }

  /** Null while nothing was tried. */
  private static String message(GenericKubernetesResource object) {
    Object message = object.get("status", "message");
    return message == null || message.toString().isBlank() ? null : message.toString();
  }
}

package mooring.platform;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Resource versions as numbers. They are revisions of one store, so those of different kinds can be
 * compared as well.
 */
final class Versions {
  private Versions() {}

  /** An object's version; 0 when it has none. */
  static long of(HasMetadata object) {
    return parse(object.getMetadata().getResourceVersion());
  }

  /** A version as the server writes it; 0 for none. */
  static long parse(String version) {
    return version == null || version.isEmpty() ? 0 : Long.parseLong(version);
  }
}

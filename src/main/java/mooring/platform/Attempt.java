package mooring.platform;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import java.util.UUID;
import mooring.core.Fence;

/**
 * An attempt at an operation that writes the objects of a database.
 *
 * @param instance the database
 * @param fence lets it write
 */
record Attempt(UUID instance, Fence fence) {
  /** The annotation that holds the fencing token; without one, it is 0. */
  static final String FENCE = "mooring/fence";

  /** A version that no object has. It counts only where one is found, which it then rules out. */
  private static final String ABSENT = "1";

  /**
   * Asks for leave to write an object, on condition that it still is as it was read. Blocks.
   *
   * @param there what was read; null for nothing
   */
  void admit(HasMetadata there, HasMetadata wanted) {
    ObjectMeta metadata = wanted.getMetadata();
    long token = fence.token().blockingGet();
    if (token > 0) {
      metadata.getAnnotations().put(FENCE, Long.toString(token));
    }
    // The version rules out a change, and the uid that it is made anew when it was deleted.
    if (there != null) {
      metadata.setResourceVersion(there.getMetadata().getResourceVersion());
      metadata.setUid(there.getMetadata().getUid());
    } else if (!(wanted instanceof Service)) {
      // Kubernetes 1.20 takes no version with a new Service; one database's Services are the same.
      metadata.setResourceVersion(ABSENT);
    }
  }

  /** Asks for leave to remove or resize what was read, if it still is as it was read. Blocks. */
  void admit() {
    long unused = fence.token().blockingGet();
  }
}

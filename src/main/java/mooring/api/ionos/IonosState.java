package mooring.api.ionos;

import mooring.core.InstanceState;

/** The words IONOS has for how a cluster is doing. */
final class IonosState {
  static final String BUSY = "BUSY";
  static final String AVAILABLE = "AVAILABLE";
  static final String DESTROYING = "DESTROYING";

  /** How it is doing cannot be read for the moment. */
  static final String UNKNOWN = "UNKNOWN";

  private IonosState() {}

  /** The word for a state. There is none for stopped, and busy would promise an end. */
  static String word(InstanceState state) {
    return switch (state) {
      case PENDING,
          PROVISIONING,
          STARTING,
          STOPPING,
          RESTARTING,
          RESIZING,
          UPDATING,
          UPGRADING,
          RESTORING ->
          BUSY;
      case RUNNING -> AVAILABLE;
      case DEGRADED, STOPPED -> "DEGRADED";
      case FAILED -> "FAILED";
      case DELETING, DELETED -> DESTROYING;
    };
  }
}

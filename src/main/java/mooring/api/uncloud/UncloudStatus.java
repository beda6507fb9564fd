package mooring.api.uncloud;

import mooring.core.InstanceState;
import mooring.core.Status;

/** The five words Uncloud has for how a database is doing. */
final class UncloudStatus {
  static final String PROVISIONING = "provisioning";
  static final String RUNNING = "running";
  static final String STOPPED = "stopped";
  static final String ERROR = "error";
  static final String DESTROYED = "destroyed";

  private UncloudStatus() {}

  /** The word; there is none for deleting, so the last one stays until it is done. */
  static String word(Status status) {
    boolean deleting = status.state() == InstanceState.DELETING;
    return word(deleting ? status.before() : status.state(), status.serving());
  }

  private static String word(InstanceState state, boolean serving) {
    return switch (state) {
      case RUNNING -> RUNNING;
      case PENDING, PROVISIONING, STARTING, UPGRADING, RESTORING -> PROVISIONING;
      case RESTARTING, RESIZING, DEGRADED, STOPPING, UPDATING, DELETING ->
          serving ? RUNNING : PROVISIONING;
      case STOPPED -> STOPPED;
      case FAILED -> ERROR;
      case DELETED -> DESTROYED;
    };
  }
}

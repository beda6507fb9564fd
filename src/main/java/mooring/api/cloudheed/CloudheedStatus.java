package mooring.api.cloudheed;

import mooring.core.InstanceState;

/** The words Cloudheed has for how a database is doing. */
final class CloudheedStatus {
  static final String FAILED = "failed";
  static final String STARTING = "starting";
  static final String STOPPING = "stopping";
  static final String RESTARTING = "restarting";
  static final String RESIZING = "resizing";

  private CloudheedStatus() {}

  /** The word for a state. */
  static String word(InstanceState state) {
    return switch (state) {
      case PENDING -> "pending";
      case PROVISIONING, RESTORING -> "provisioning";
      case RUNNING, DEGRADED, UPDATING -> "running";
      case STARTING -> STARTING;
      case STOPPING -> STOPPING;
      case STOPPED -> "stopped";
      case RESTARTING -> RESTARTING;
      case RESIZING, UPGRADING -> RESIZING;
      case FAILED -> FAILED;
      case DELETING, DELETED -> "deleting";
    };
  }
}

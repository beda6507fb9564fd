package mooring.api.exoscale;

import mooring.core.InstanceState;

/** The words Exoscale has for how a service is doing. */
final class ExoscaleState {
  static final String RUNNING = "running";
  static final String REBUILDING = "rebuilding";
  private static final String REBALANCING = "rebalancing";

  private ExoscaleState() {}

  /**
   * The word for a state. There is none for a failure: the operation that failed tells of it.
   *
   * @param state not {@link InstanceState#DELETING}, for which the one before is shown
   * @param nodes how many there are: one of several serves while another is worked on
   */
  static String word(InstanceState state, int nodes) {
    return switch (state) {
      case RUNNING, UPDATING -> RUNNING;
      case STOPPED -> "poweroff";
      case DEGRADED -> REBALANCING;
      case RESTARTING, RESIZING -> nodes > 1 ? REBALANCING : REBUILDING;
      case PENDING,
          PROVISIONING,
          STARTING,
          STOPPING,
          UPGRADING,
          RESTORING,
          FAILED,
          DELETING,
          DELETED ->
          REBUILDING;
    };
  }
}

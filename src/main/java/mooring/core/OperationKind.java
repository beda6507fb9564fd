package mooring.core;

/** What can be asked of a database that changes its state. */
public enum OperationKind {
  CREATE(InstanceState.PROVISIONING),
  START(InstanceState.STARTING),
  STOP(InstanceState.STOPPING),
  RESTART(InstanceState.RESTARTING),
  RESIZE(InstanceState.RESIZING),
  /** Settings, pools, windows. */
  UPDATE(InstanceState.UPDATING),
  RESET_PASSWORD(InstanceState.UPDATING),
  /** Roles and logical databases within. */
  ADMINISTER(InstanceState.UPDATING),
  /** An import from elsewhere. */
  MIGRATE(InstanceState.UPDATING),
  STOP_MIGRATION(InstanceState.UPDATING),
  /** To a newer major version. */
  UPGRADE(InstanceState.UPGRADING),
  /** From a read replica to a database of its own. */
  PROMOTE(InstanceState.UPDATING),
  /** In place, from a backup. */
  RESTORE(InstanceState.RESTORING),
  DELETE(InstanceState.DELETING);

  private final InstanceState underWay;

  OperationKind(InstanceState underWay) {
    this.underWay = underWay;
  }

  /** The state of a database while such an operation runs. */
  public InstanceState underWay() {
    return underWay;
  }
}

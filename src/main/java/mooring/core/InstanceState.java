package mooring.core;

/** The states of a database, derived by {@link Lifecycle}; each API has its own words for them. */
public enum InstanceState {
  /** Accepted, nothing created yet. */
  PENDING,
  PROVISIONING,
  RUNNING,
  /** Something is lastingly not as asked: a standby missing, or the server being brought back. */
  DEGRADED,
  STARTING,
  STOPPING,
  STOPPED,
  RESTARTING,
  RESIZING,
  /** Settings, users, pools or a password change; the database serves meanwhile. */
  UPDATING,
  /** A major version upgrade. */
  UPGRADING,
  /** A restore in place. */
  RESTORING,
  FAILED,
  DELETING,
  DELETED
}

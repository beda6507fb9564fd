package mooring.core;

/** Whether a database is wanted up or down. */
public enum Desired {
  RUNNING,
  STOPPED
}

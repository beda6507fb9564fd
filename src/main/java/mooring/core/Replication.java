package mooring.core;

/** What a commit waits for where a database has standbys. */
public enum Replication {
  /** For none of them. */
  ASYNCHRONOUS,
  /** For one of them, as long as one is there. */
  SYNCHRONOUS,
  /** For one of them, also when none is there. */
  STRICTLY_SYNCHRONOUS
}

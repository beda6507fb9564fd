package mooring.core;

/** What of a new database no other living one of its tenant may have. */
public enum Uniqueness {
  /** The handle that its name makes. */
  HANDLE,
  /** The name; the handle gets a suffix where it is taken. */
  NAME,
  /** Nothing; the handle gets a suffix where it is taken. */
  NOTHING
}

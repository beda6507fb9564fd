package mooring.core;

/** How far a role or a logical database is with what was last asked for it. */
public enum Stage {
  /** Asked for, and not known to be there yet. */
  MAKING,
  /** There, and as it is wanted. */
  THERE,
  /** There; what changes of it is in the secrets only. */
  CHANGING,
  /** There; whether it may replicate is being changed. */
  SWITCHING,
  /** Still there, to be removed. */
  REMOVING
}

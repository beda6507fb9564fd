package mooring.local.kubernetes;

/**
 * One write.
 *
 * @param before null when the object was created
 * @param after the object, or its last state when it was removed
 */
record Change(long version, Stored before, Stored after, boolean removed) {

  ObjectKey key() {
    return after.key();
  }
}

package mooring.local.kubernetes;

/**
 * How a write is to be done.
 *
 * @param manager who will own the fields
 * @param force whether an apply takes over what others own
 * @param dryRun whether everything happens but the write
 * @param status whether the write goes to the status subresource
 */
record WriteOptions(String manager, boolean force, boolean dryRun, boolean status) {}

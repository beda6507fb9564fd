package mooring.core;

/**
 * How a database is doing.
 *
 * @param state its state
 * @param before the state to show while it is being deleted, for an API without a word for that;
 *     otherwise equal to the state
 * @param serving whether clients can use it
 * @param reason why it failed; null in every other state
 */
public record Status(InstanceState state, InstanceState before, boolean serving, String reason) {}

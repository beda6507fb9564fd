package mooring.core;

/**
 * A database just accepted, with what its clients need to log in.
 *
 * @param instance the database
 * @param credentials of its owner
 */
public record Created(Instance instance, Credentials credentials) {}

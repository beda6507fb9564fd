package mooring.core;

/**
 * What the platform has made of a database's {@link Contents}.
 *
 * @param done whether all of them are as wanted
 * @param version the newest resource version that was read of their objects
 * @param refusal why the servers refuse one of them, for a human; null when none is refused
 */
public record Administered(boolean done, long version, String refusal) {}

package mooring.core;

/**
 * Where clients connect to a database. Allotted when the database is accepted and never changed.
 *
 * @param host a host name or an IP address
 * @param port a TCP port
 */
public record Address(String host, int port) {}

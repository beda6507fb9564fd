package mooring.core;

/**
 * Connections to one logical database as one role, which clients share.
 *
 * @param number of the pool, by which it has its objects and its port; it stays
 * @param name as given
 * @param database the logical database
 * @param role that clients log in as
 * @param mode when a connection is given to another client
 * @param size how many connections to the server there are at most
 */
public record ConnectionPool(
    int number, String name, String database, String role, PoolMode mode, int size) {}

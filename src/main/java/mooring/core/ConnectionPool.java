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
    int number, String name, String database, String role, PoolMode mode, int size) {
  /** Beside that of PgBouncer itself, which is as far from PostgreSQL's. */
  private static final int PORTS_ABOVE = 1_000;

  /** The name of its objects that stay. */
  public String objectName(Instance instance) {
    return named(instance.objectName());
  }

  /** The name of the objects that are those of one of the database's Clusters. */
  public String named(String cluster) {
    return cluster + "-pool-" + number;
  }

  /**
   * Where its clients connect: at a port of its own, and where the host is named after the
   * database, at a host that is named after the pool.
   */
  public Address address(Instance instance) {
    Address beside = instance.address();
    String host = beside.host();
    String name = instance.objectName();
    boolean named = host.startsWith(name + ".");
    return new Address(
        named ? objectName(instance) + host.substring(name.length()) : host,
        beside.port() + PORTS_ABOVE + number);
  }
}

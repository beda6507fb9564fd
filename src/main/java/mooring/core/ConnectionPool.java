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

  /**
   * The name of the Service that its clients use. It is published, so it stays; and no Pooler is
   * named so, because CloudNativePG makes a Service of each Pooler's name.
   */
  public String serviceName(Instance instance) {
    return instance.objectName() + suffix(number);
  }

  /** The name of the Pooler on one of the database's Clusters. */
  public String poolerName(String cluster) {
    return cluster + "-pool-" + number;
  }

  /**
   * Where its clients connect: at a port of its own, and where the database has a host name, at one
   * that is made from it.
   */
  public Address address(Instance instance) {
    Address beside = instance.address();
    return new Address(
        beside.numeric() ? beside.host() : besides(beside.host(), suffix(number)),
        beside.port() + PORTS_ABOVE + number);
  }

  /** Databases' names differ by their short ids only, so this is none of theirs. */
  private static String besides(String host, String suffix) {
    int label = host.indexOf('.');
    return label < 0 ? host + suffix : host.substring(0, label) + suffix + host.substring(label);
  }

  /** The longest host that a pool of a database with a host name has. */
  public static String longestHost(String database) {
    return besides(database, suffix(ConnectionPools.MOST));
  }

  private static String suffix(int number) {
    return "-p" + number;
  }
}

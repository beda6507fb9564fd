package mooring.core;

/**
 * How the addresses of databases are made. A scheme either numbers its addresses, and the store
 * allots each number to one living database, or derives them from the database's short id.
 */
public interface AddressScheme {

  /** How many numbered addresses there are; 0 when addresses are derived from the short id. */
  int size();

  /**
   * The address of a database.
   *
   * @param number the allotted number, from 0 to {@code size() - 1}; 0 when nothing is numbered
   * @param shortId the database's short id
   * @param engine decides the port where the scheme does not
   */
  Address address(int number, String shortId, Engine engine);
}

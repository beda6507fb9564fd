package mooring.core;

import java.util.Map;

/**
 * What an API asks for when it creates a database.
 *
 * @param origin the API
 * @param name as given
 * @param spec what it is asked to be
 * @param login the first role and the logical database it owns
 * @param setup what is asked of it beyond that
 * @param uniqueName whether another living database of the tenant must not have the name; the
 *     handle then gets a suffix where it is taken, instead of being refused
 * @param attributes what the API has to echo
 */
public record NewDatabase(
    Api origin,
    String name,
    InstanceSpec spec,
    Login login,
    Setup setup,
    boolean uniqueName,
    Map<String, String> attributes) {

  /**
   * The first role and the logical database it owns.
   *
   * @param username the role
   * @param database the logical database; null for one named after the handle
   */
  public record Login(String username, String database) {}
}

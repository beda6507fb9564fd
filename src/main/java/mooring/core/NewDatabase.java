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
 * @param unique what no other living database of the tenant may have
 * @param attributes what the API has to echo
 * @param migration what is imported once it runs; null for nothing
 */
public record NewDatabase(
    Api origin,
    String name,
    InstanceSpec spec,
    Login login,
    Setup setup,
    Uniqueness unique,
    Map<String, String> attributes,
    MigrationWish migration) {

  /** One that begins empty, or with what it is recovered from. */
  public NewDatabase(
      Api origin,
      String name,
      InstanceSpec spec,
      Login login,
      Setup setup,
      Uniqueness unique,
      Map<String, String> attributes) {
    this(origin, name, spec, login, setup, unique, attributes, null);
  }

  /**
   * The first role and the logical database it owns.
   *
   * @param username the role
   * @param password its password; null for one that is made up
   * @param database the logical database; null for one named after the handle
   */
  public record Login(String username, String password, String database) {

    /** With a password that is made up. */
    public Login(String username, String database) {
      this(username, null, database);
    }

    @Override
    public String toString() {
      return "Login[username=" + username + ", database=" + database + "]";
    }
  }
}

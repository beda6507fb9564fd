package mooring.core;

/**
 * What a client needs to log in, beside the address.
 *
 * @param username the role
 * @param password its password
 * @param database the logical database
 */
public record Credentials(String username, String password, String database) {
  @Override
  public String toString() {
    return "Credentials[username=" + username + ", database=" + database + "]";
  }
}

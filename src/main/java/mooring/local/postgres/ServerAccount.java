package mooring.local.postgres;

import java.util.List;

/**
 * The account that servers run under. PostgreSQL, for one, refuses to run as root; there, {@code
 * unshare -U} puts a server into a user namespace of its own in which it is nobody in particular.
 * It replaces itself by the program, so that the process and its signals are the server's own.
 */
public final class ServerAccount {
  private static final List<String> OWN_NAMESPACE = List.of("unshare", "-U");

  private ServerAccount() {}

  /** Returns the words to put before the command of a server that refuses root. */
  public static List<String> commandPrefix() {
    return Holder.PREFIX;
  }

  private static List<String> detect() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    if (!Trial.succeeds(OWN_NAMESPACE)) {
      throw new PostgresException(
          "database servers do not run as root, and `unshare -U` does not work here"
              + " (no user namespaces?): start this program as an ordinary user");
    }
    return OWN_NAMESPACE;
  }

  /** Asked once, on first use. */
  private static final class Holder {
    static final List<String> PREFIX = detect();
  }
}

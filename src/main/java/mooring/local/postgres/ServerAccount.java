package mooring.local.postgres;

import java.util.List;

/**
 * The account that servers run under. PostgreSQL refuses to run as root; there, {@code unshare -U}
 * puts it into a user namespace of its own in which it is nobody in particular. It replaces itself
 * by the program, so that the process and its signals are PostgreSQL's own.
 */
final class ServerAccount {
  private static final List<String> OWN_NAMESPACE = List.of("unshare", "-U");

  private ServerAccount() {}

  static List<String> commandPrefix() {
    return Holder.PREFIX;
  }

  private static List<String> detect() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    if (!Trial.succeeds(OWN_NAMESPACE)) {
      throw new PostgresException(
          "PostgreSQL does not run as root, and `unshare -U` does not work here"
              + " (no user namespaces?): start this program as an ordinary user");
    }
    return OWN_NAMESPACE;
  }

  /** Asked once, on first use. */
  private static final class Holder {
    static final List<String> PREFIX = detect();
  }
}

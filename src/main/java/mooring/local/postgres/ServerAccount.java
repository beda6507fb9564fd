package mooring.local.postgres;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
    if (!works()) {
      throw new PostgresException(
          "PostgreSQL does not run as root, and `unshare -U` does not work here"
              + " (no user namespaces?): start this program as an ordinary user");
    }
    return OWN_NAMESPACE;
  }

  private static boolean works() {
    try {
      Process trial =
          new ProcessBuilder("unshare", "-U", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asked once, on first use. */
  private static final class Holder {
    static final List<String> PREFIX = detect();
  }
}

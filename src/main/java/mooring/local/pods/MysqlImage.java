package mooring.local.pods;

import java.util.List;
import java.util.regex.Pattern;

/** MySQL. */
final class MysqlImage implements HostImage {
  private static final Pattern VERSION = Pattern.compile("Ver ([0-9]+\\.[0-9]+)(\\.[0-9]+)?");

  @Override
  public String repository() {
    return "mysql";
  }

  @Override
  public String program() {
    return "mysqld";
  }

  @Override
  public String client() {
    return "mysql";
  }

  @Override
  public List<String> clients() {
    return List.of(client(), "mysqladmin");
  }

  @Override
  public Pattern version() {
    return VERSION;
  }

  @Override
  public int defaultPort() {
    return 3306;
  }

  /**
   * Nothing but the database's port is opened: no X protocol, and no socket, whose path may be too
   * long and whose lock file may outlive a crash. What the image's own configuration says of names
   * and files is said here; its server cannot read this machine's files either.
   */
  @Override
  public List<String> serverOptions(Listening listening) {
    return List.of(
        "--bind-address=" + String.join(",", listening.addresses()),
        "--port=" + listening.port(),
        "--socket=",
        "--mysqlx=OFF",
        "--pid-file=mysqld.pid",
        "--skip-name-resolve",
        "--host-cache-size=0",
        "--secure-file-priv=NULL");
  }

  /** The machine's own configuration of clients does not count. */
  @Override
  public List<String> clientOptions(Listening listening) {
    return List.of(
        "--no-defaults",
        "--protocol=TCP",
        "--host=" + listening.own(),
        "--port=" + listening.port());
  }

  /** Not the image's, but one that its server stays below when it goes to its data. */
  @Override
  public String workingDirectory() {
    return "/var/lib/mysql";
  }

  @Override
  public String entryPoint() {
    return "mysqld.sh";
  }

  @Override
  public boolean refusesRoot() {
    return true;
  }
}

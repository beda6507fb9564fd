package mooring.platform;

import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import mooring.core.Instance;
import mooring.core.InstanceSpec;

/** MySQL, a single server. Its root can log in from inside the pod only. */
final class MysqlServer implements EngineServer {
  private static final Map<String, String> IMAGES =
      Map.of("8.0", "mysql:8.0.41", "8.4", "mysql:8.4.4");
  private static final int MIB_PER_CONNECTION = 12;
  private static final int MIN_CONNECTIONS = 50;
  private static final int MAX_CONNECTIONS = 1_000;

  @Override
  public String image(String version) {
    return IMAGES.get(version);
  }

  @Override
  public String dataPath() {
    return "/var/lib/mysql";
  }

  @Override
  public List<String> command(Instance instance) {
    return List.of();
  }

  /** It has to be the first argument. */
  @Override
  public List<String> arguments() {
    return List.of("--defaults-extra-file=" + CONFIGURATION + "/mysql.cnf");
  }

  @Override
  public List<EnvVar> environment(Instance instance) {
    return List.of(
        PodEnvironment.value("MYSQL_DATABASE", instance.database()),
        PodEnvironment.username(instance, "MYSQL_USER"),
        PodEnvironment.password(instance, "MYSQL_PASSWORD"),
        PodEnvironment.password(instance, "MYSQL_ROOT_PASSWORD"),
        PodEnvironment.value("MYSQL_ROOT_HOST", "localhost"));
  }

  /**
   * Over the network, which the entry point leaves off while it sets up an empty volume. A ping
   * succeeds with whatever the server itself refuses: a password, or one connection more.
   */
  @Override
  public String answers() {
    return asked("mysqladmin", "ping");
  }

  @Override
  public Optional<String> login() {
    return Optional.of(asked("mysql", "-e 'SELECT 1'"));
  }

  private static String asked(String client, String what) {
    return "MYSQL_PWD=\"$MYSQL_PASSWORD\" %s -h \"$%s\" -u \"$MYSQL_USER\" %s"
        .formatted(client, PodEnvironment.ADDRESS, what);
  }

  /**
   * The data are below the volume's root, where a file system has directories of its own. The
   * binary log would fill the volume for nobody: there is no replica. Nothing but the database's
   * port is opened, so no X protocol.
   */
  @Override
  public Map<String, String> configuration(InstanceSpec spec) {
    int connections =
        Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, spec.memoryMib() / MIB_PER_CONNECTION));
    return Map.of(
        "mysql.cnf",
        """
        [mysqld]
        datadir=%s/data
        port=%d
        innodb_buffer_pool_size=%dM
        max_connections=%d
        disable_log_bin
        loose_mysqlx=OFF
        """
            .formatted(dataPath(), spec.engine().port(), spec.memoryMib() / 2, connections));
  }

  @Override
  public Map<String, UnaryOperator<String>> secretFiles() {
    return Map.of();
  }
}

package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Path;
import mooring.local.postgres.Directories;
import mooring.local.postgres.ServerConfiguration;

/**
 * What PgBouncer is started with.
 *
 * @param host where it listens
 * @param port where it listens
 * @param configuration its settings
 * @param users who may log in, each with the verifier of the password that the server has
 */
record PoolerFiles(String host, int port, String configuration, String users) {
  static final String CONFIGURATION = "pgbouncer.ini";
  private static final String USERS = "userlist.txt";

  /** For a server; clients and it are spoken to with TLS, by the server's own certificate. */
  static PoolerFiles of(
      ClientService at,
      ServerConfiguration server,
      InstanceFiles files,
      String mode,
      String users) {
    String configuration =
        String.join(
            "\n",
            "[databases]",
            "* = host=" + server.host() + " port=" + server.port(),
            "[pgbouncer]",
            "listen_addr = " + at.host(),
            "listen_port = " + at.port(),
            "unix_socket_dir =",
            "pool_mode = " + mode,
            "auth_type = scram-sha-256",
            "auth_file = " + USERS,
            "client_tls_sslmode = require",
            "client_tls_cert_file = " + files.certificate(),
            "client_tls_key_file = " + files.key(),
            "server_tls_sslmode = require",
            "ignore_startup_parameters = extra_float_digits,options",
            "max_client_conn = 1000",
            "default_pool_size = 20",
            "log_connections = 0",
            "log_disconnections = 0",
            "log_stats = 0",
            "");
    return new PoolerFiles(at.host(), at.port(), configuration, users);
  }

  void writeTo(Path directory) throws IOException {
    Directories.writePrivately(directory.resolve(USERS), users);
    Directories.writePrivately(directory.resolve(CONFIGURATION), configuration);
  }

  /** Names no user. */
  @Override
  public String toString() {
    return "PoolerFiles[" + host + ":" + port + "]";
  }
}

package mooring.local.operator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import mooring.local.postgres.Directories;
import mooring.local.postgres.ServerConfiguration;

/**
 * What PgBouncer is started with.
 *
 * @param host where it listens
 * @param port where it listens
 * @param configuration its settings
 * @param clientRules which clients are let in
 * @param users who may log in, each with the verifier of the password that the server has
 */
record PoolerFiles(String host, int port, String configuration, String clientRules, String users) {
  static final String CONFIGURATION = "pgbouncer.ini";
  private static final String USERS = "userlist.txt";
  private static final String CLIENT_RULES = "pg_hba.conf";

  /** For a server; clients and it are spoken to with TLS, by the server's own certificate. */
  static PoolerFiles of(
      ClientService at,
      ServerConfiguration server,
      InstanceFiles files,
      PoolerSpec spec,
      String users) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("max_client_conn", "1000");
    settings.put("default_pool_size", "20");
    settings.putAll(spec.parameters());
    settings.put("ignore_startup_parameters", ignored(spec));
    settings.put("listen_addr", at.host());
    settings.put("listen_port", Integer.toString(at.port()));
    settings.put("unix_socket_dir", "");
    settings.put("pool_mode", spec.mode());
    settings.put("auth_type", spec.clientRules() == null ? "scram-sha-256" : "hba");
    settings.put("auth_hba_file", CLIENT_RULES);
    settings.put("auth_file", USERS);
    settings.put("client_tls_sslmode", "require");
    settings.put("client_tls_cert_file", files.certificate().toString());
    settings.put("client_tls_key_file", files.key().toString());
    settings.put("server_tls_sslmode", "require");
    // By it the server knows its own poolers, wherever clients may come from.
    settings.put("server_tls_cert_file", files.certificate().toString());
    settings.put("server_tls_key_file", files.key().toString());
    settings.put("log_connections", "0");
    settings.put("log_disconnections", "0");
    settings.put("log_stats", "0");
    StringBuilder configuration =
        new StringBuilder("[databases]\n* = host=" + server.host() + " port=" + server.port())
            .append("\n[pgbouncer]\n");
    settings.forEach(
        (name, value) -> configuration.append(name).append(" = ").append(value).append('\n'));
    return new PoolerFiles(
        at.host(),
        at.port(),
        configuration.toString(),
        spec.clientRules() == null ? "" : String.join("\n", spec.clientRules()) + "\n",
        users);
  }

  /** As CloudNativePG has it: what is asked for besides what drivers send. */
  private static String ignored(PoolerSpec spec) {
    String asked = spec.parameters().get("ignore_startup_parameters");
    return "extra_float_digits,options" + (asked == null ? "" : "," + asked);
  }

  void writeTo(Path directory) throws IOException {
    Directories.writePrivately(directory.resolve(USERS), users);
    Directories.writePrivately(directory.resolve(CLIENT_RULES), clientRules);
    Directories.writePrivately(directory.resolve(CONFIGURATION), configuration);
  }

  /** Names no user. */
  @Override
  public String toString() {
    return "PoolerFiles[" + host + ":" + port + "]";
  }
}

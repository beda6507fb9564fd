package mooring.store;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;

/** How the reactive client connects, with a limit on everything that could wait for ever. */
final class ClientOptions {
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

  /** Longer than any statement may take: a connection that is silent for so long is dead. */
  private static final int READ_IDLE_SECONDS = 15;

  private static final Map<String, String> SESSION =
      Map.of(
          "statement_timeout", "10s",
          "lock_timeout", "4s",
          "idle_in_transaction_session_timeout", "10s");

  private ClientOptions() {}

  static NetClientOptions net() {
    return new NetClientOptions()
        .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
        .setReadIdleTimeout(READ_IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setTcpKeepAlive(true);
  }

  /**
   * @param purpose what the server shows as the application's name
   */
  static PgConnectOptions connect(DatabaseUri uri, String purpose) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(uri.host())
            .setPort(uri.port())
            .setDatabase(uri.database())
            .setUser(uri.user())
            .setPassword(uri.password())
            .setCachePreparedStatements(true)
            .setSslMode(uri.sslMode());
    options.addProperty("application_name", purpose);
    SESSION.forEach(options::addProperty);
    return uri.sslMode() == SslMode.DISABLE ? options : options.setSslOptions(tls(uri));
  }

  private static ClientSSLOptions tls(DatabaseUri uri) {
    ClientSSLOptions tls = new ClientSSLOptions().setHostnameVerificationAlgorithm("");
    return switch (uri.sslMode()) {
      case VERIFY_CA -> tls.setTrustOptions(trust(uri));
      case VERIFY_FULL -> tls.setTrustOptions(trust(uri)).setHostnameVerificationAlgorithm("HTTPS");
      // As libpq has it: encrypted, to whomever answers.
      default -> tls.setTrustAll(true);
    };
  }

  private static TrustOptions trust(DatabaseUri uri) {
    if (uri.sslRootCert() != null) {
      return new PemTrustOptions().addCertPath(uri.sslRootCert());
    }
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return TrustOptions.wrap(factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java's own certificate authorities cannot be read", e);
    }
  }
}

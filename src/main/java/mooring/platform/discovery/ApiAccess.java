package mooring.platform.discovery;

import io.fabric8.kubernetes.client.Config;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;

/**
 * How the API server is reached.
 *
 * @param options where it is, and the authority it is known by
 * @param prefix of its paths
 * @param token of who asks, as of now; it may have to be read
 */
record ApiAccess(HttpClientOptions options, String prefix, Callable<String> token) {
  private static final int CONNECT_MILLIS = 2_000;

  /**
   * As a connection's configuration says.
   *
   * @param tokenFile the token of an account of its own; null to ask as the connection does
   */
  static ApiAccess of(Config config, Path tokenFile) {
    URI server = URI.create(config.getMasterUrl());
    boolean tls = "https".equals(server.getScheme());
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(server.getHost().replaceAll("[\\[\\]]", ""))
            .setDefaultPort(server.getPort() < 0 ? (tls ? 443 : 80) : server.getPort())
            .setConnectTimeout(CONNECT_MILLIS)
            .setSsl(tls)
            .setTrustAll(config.isTrustCerts());
    Buffer authority = pem(config.getCaCertData(), config.getCaCertFile());
    if (authority != null) {
      options.setTrustOptions(new PemTrustOptions().addCertValue(authority));
    }
    if (tokenFile == null) {
      identify(options, config);
    }
    String path = server.getPath();
    return new ApiAccess(
        options,
        path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
        tokenFile == null ? () -> token(config) : () -> Files.readString(tokenFile).strip());
  }

  private static void identify(HttpClientOptions options, Config config) {
    Buffer certificate = pem(config.getClientCertData(), config.getClientCertFile());
    Buffer key = pem(config.getClientKeyData(), config.getClientKeyFile());
    if (certificate != null && key != null) {
      options.setKeyCertOptions(new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key));
    }
  }

  private static String token(Config config) {
    if (config.getOauthTokenProvider() != null) {
      return config.getOauthTokenProvider().getToken();
    }
    String given = config.getOauthToken();
    return given == null ? config.getAutoOAuthToken() : given; // the latter is a kubeconfig's
  }

  private static Buffer pem(String data, String file) {
    if (data != null) {
      return Buffer.buffer(Base64.getMimeDecoder().decode(data));
    }
    try {
      return file == null ? null : Buffer.buffer(Files.readAllBytes(Path.of(file)));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file, e);
    }
  }
}

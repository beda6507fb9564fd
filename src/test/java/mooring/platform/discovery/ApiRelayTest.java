package mooring.platform.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mooring.local.kubernetes.EmbeddedKubernetes;
import mooring.local.kubernetes.EmbeddedKubernetesConfig;
import mooring.platform.KubernetesConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApiRelayTest {
  private static final String SERVICES = "/api/v1/namespaces/default/services";

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private ApiRelay relay;

  @BeforeEach
  void start() {
    EmbeddedKubernetes api =
        done(EmbeddedKubernetes.start(vertx, EmbeddedKubernetesConfig.in(directory)));
    ApiAccess access = ApiAccess.of(Config.fromKubeconfig(api.kubeconfig().toFile()), null);
    relay = done(ApiRelay.open(vertx, access, KubernetesConnection.DATABASES));
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  @Test
  void tellsAnExpiredVersionByTheStatus() {
    // The API server itself answers 200 and tells of it within.
    String newer = SERVICES + "?watch=true&allowWatchBookmarks=true&resourceVersion=999999";
    assertThat(status(HttpMethod.GET, newer, relay.token())).isEqualTo(410);
  }

  @Test
  void answersItsBridgeOnlyAndOnlyReads() {
    assertThat(status(HttpMethod.GET, SERVICES, relay.token())).isEqualTo(200);
    assertThat(status(HttpMethod.GET, SERVICES, "another")).isEqualTo(401);
    assertThat(status(HttpMethod.DELETE, SERVICES, relay.token())).isEqualTo(405);
    String secrets = "/api/v1/namespaces/default/secrets";
    assertThat(status(HttpMethod.GET, secrets, relay.token())).isEqualTo(403);
    assertThat(status(HttpMethod.GET, secrets + "/../services", relay.token())).isEqualTo(403);
  }

  /** As the bridge makes its client in a pod, whose environment says where the API server is. */
  private int status(HttpMethod method, String path, String token) {
    HttpClientOptions elsewhere =
        new HttpClientOptions().setSsl(true).setDefaultHost("192.0.2.1").setDefaultPort(443);
    HttpClient client =
        new RelayedVertx(vertx, relay).getOrCreateContext().owner().createHttpClient(elsewhere);
    try {
      return done(
          client
              .request(method, path)
              .map(request -> request.putHeader("Authorization", "Bearer " + token))
              .compose(HttpClientRequest::send)
              .compose(response -> response.body().map(body -> response.statusCode())));
    } finally {
      done(client.close());
    }
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

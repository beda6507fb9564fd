package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mooring.local.kubernetes.RawClient.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping, and what lies in the directory. */
@Timeout(120)
class EmbeddedKubernetesTest {
  private static final String PATH = "/api/v1/namespaces/default/configmaps";
  private static final String SERVICES = "/api/v1/namespaces/default/services";

  /** Enough for ports chosen at random to meet, were nobody to look. */
  private static final int SOME_SERVICES = 200;

  private static final String TWO_PORTS =
      """
      {"type": "LoadBalancer", "ports": [{"name": "a", "port": 1}, {"name": "b", "port": 2}]}""";

  @TempDir Path directory;
  private final EmbeddedServers servers = new EmbeddedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void aRestartFindsEverythingAgain() {
    EmbeddedKubernetes first = servers.start(directory);
    Reply made =
        EmbeddedServers.http(first).post(PATH, SemanticsSuite.configMap("kept", "{\"a\":\"1\"}"));
    EmbeddedServers.http(first).post(PATH, SemanticsSuite.configMap("gone", "{}"));
    EmbeddedServers.http(first).delete(PATH + "/gone");
    String version = EmbeddedServers.http(first).get(PATH).version();
    first.close().await();

    EmbeddedKubernetes second = servers.start(directory);
    assertThat(second.url()).isEqualTo(first.url());
    assertThat(second.token()).isEqualTo(first.token());
    RawClient http = EmbeddedServers.http(second);
    assertThat(http.get(PATH + "/kept").body()).isEqualTo(made.body());
    assertThat(http.get(PATH + "/gone").code()).isEqualTo(404);
    assertThat(http.get(PATH).version()).isEqualTo(version);
    Reply next = http.post(PATH, SemanticsSuite.configMap("next", "{}"));
    assertThat(Long.parseLong(next.version())).isEqualTo(Long.parseLong(version) + 1);
  }

  @Test
  void noTwoServicesShareAnAddressOrANodePort() {
    EmbeddedKubernetes first = servers.start(directory);
    makeServices(EmbeddedServers.http(first), "before-%d");
    first.close().await();
    RawClient http = EmbeddedServers.http(servers.start(directory));
    makeServices(http, "after-%d");

    JsonNode services = http.get(SERVICES).body().path("items");
    assertThat(services).hasSize(2 * SOME_SERVICES);
    assertThat(services).extracting(s -> s.at("/spec/clusterIP")).doesNotHaveDuplicates();
    assertThat(services)
        .flatExtracting(s -> s.at("/spec/ports").findValues("nodePort"))
        .hasSize(4 * SOME_SERVICES)
        .doesNotHaveDuplicates();
  }

  private static void makeServices(RawClient http, String name) {
    for (int i = 0; i < SOME_SERVICES; i++) {
      String service = SemanticsSuite.service(name.formatted(i), TWO_PORTS);
      assertThat(http.post(SERVICES, service).code()).isEqualTo(201);
    }
  }

  @Test
  void aTakenPortIsReplacedByAFreeOne() throws IOException {
    EmbeddedKubernetes first = servers.start(directory);
    int port = URI.create(first.url()).getPort();
    first.close().await();
    try (var taken = new java.net.ServerSocket()) {
      taken.bind(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port));
      EmbeddedKubernetes second = servers.start(directory);
      assertThat(second.url()).isNotEqualTo(first.url());
      assertThat(EmbeddedServers.http(second).get("/healthz").code()).isEqualTo(200);
    }
  }

  @Test
  void itsFilesAreItsOwnersAlone() throws IOException {
    EmbeddedKubernetes server = servers.start(directory);
    assertThat(server.kubeconfig()).exists();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (!file.getFileName().toString().equals("kubernetes.port")) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as("%s", file)
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void oneDirectoryHasOneUser() {
    EmbeddedKubernetes first = servers.start(directory);
    assertThatThrownBy(() -> servers.start(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another process");
    assertThat(EmbeddedServers.http(first).post(PATH, SemanticsSuite.configMap("on", "{}")).code())
        .isEqualTo(201);
  }

  @Test
  void itServesLoopbackOnly() {
    assertThatThrownBy(
            () ->
                servers.start(
                    directory,
                    c ->
                        new EmbeddedKubernetesConfig(
                            c.directory(),
                            c.kubeconfig(),
                            "0.0.0.0",
                            0,
                            c.bookmarkInterval(),
                            1,
                            1,
                            null)))
        .hasMessageContaining("loopback");
  }

  @Test
  void aWebSocketIsRefusedAtOnce() {
    EmbeddedKubernetes server = servers.start(directory);
    URI uri = URI.create(server.url().replace("https:", "wss:") + PATH + "?watch=true");
    assertThatThrownBy(
            () ->
                HttpClient.newBuilder()
                    .sslContext(KubernetesServer.of(server.kubeconfig()).ssl())
                    .build()
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer " + server.token())
                    .buildAsync(uri, new java.net.http.WebSocket.Listener() {})
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    RawClient http = EmbeddedServers.http(servers.start(directory));
    String big = "{\"a\":\"" + "x".repeat(4 << 20) + "\"}";
    Reply reply = http.post(PATH, SemanticsSuite.configMap("big", big));
    assertThat(reply.code()).isEqualTo(413);
    assertThat(reply.text("/reason")).isEqualTo("RequestEntityTooLarge");
    assertThat(http.get(PATH).code()).isEqualTo(200);
  }

  @Test
  void everythingButHealthNeedsTheToken() {
    EmbeddedKubernetes server = servers.start(directory);
    RawClient stranger =
        new RawClient(KubernetesServer.of(server.kubeconfig()), server.token() + "x");
    for (String path :
        new String[] {PATH, "/api", "/apis", "/version", "/openapi/v3", "/nowhere"}) {
      assertThat(stranger.get(path).code()).as(path).isEqualTo(401);
    }
    assertThat(stranger.post(PATH, "{}").code()).isEqualTo(401);
    assertThat(stranger.get("/readyz").code()).isEqualTo(200);
  }
}

package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mooring.FreePort;
import mooring.local.kubernetes.RawClient.Reply;
import mooring.local.kubernetes.RawClient.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What bounds a watch: its log, its queue, a restart. */
@Timeout(120)
class EmbeddedWatchTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String PATH = "/api/v1/namespaces/default/configmaps";

  @TempDir Path directory;
  private final EmbeddedServers servers = new EmbeddedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  private static Reply make(RawClient http, String name) {
    return http.post(PATH, SemanticsSuite.configMap(name, "{}"));
  }

  private static void expectGone(RawClient http, String version) {
    try (Stream watch = http.watch(PATH + "?watch=true&resourceVersion=" + version)) {
      assertThat(watch.code()).isEqualTo(200);
      JsonNode error = watch.next();
      assertThat(error.path("type").asText()).isEqualTo("ERROR");
      assertThat(error.at("/object/code").asInt()).isEqualTo(410);
      assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
      assertThat(watch.ends(30)).isTrue();
    }
  }

  @Test
  void bookmarksTellHowFarAWatchHasCome() {
    RawClient http = EmbeddedServers.http(servers.start(directory));
    String query = "?watch=true&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dnobody";
    try (Stream watch = http.watch(PATH + query)) {
      Reply made = make(http, "elsewhere");
      JsonNode bookmark = watch.next();
      while (!bookmark.at("/object/metadata/resourceVersion").asText().equals(made.version())) {
        assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
        bookmark = watch.next();
      }
      assertThat(bookmark.at("/object/kind").asText()).isEqualTo("ConfigMap");
    }
    try (Stream silent = http.watch(PATH + "?watch=true&fieldSelector=metadata.name%3Dnobody")) {
      assertThat(silent.silent()).isTrue();
    }
  }

  @Test
  void aVersionOutsideTheLogIsGone() {
    RawClient http = EmbeddedServers.http(servers.start(directory, c -> c.withLimits(10, 3)));
    String first = make(http, "one").version();
    for (int i = 0; i < 4; i++) {
      make(http, "more-" + i);
    }
    expectGone(http, first);
    long newest = Long.parseLong(http.get(PATH).version());
    expectGone(http, Long.toString(newest + 1));
    try (Stream covered = http.watch(PATH + "?watch=true&resourceVersion=" + (newest - 1))) {
      assertThat(covered.nextTypeAndName()).isEqualTo("ADDED more-3");
    }
  }

  @Test
  void aPageTokenExpiresWithTheLog() {
    RawClient http = EmbeddedServers.http(servers.start(directory, c -> c.withLimits(10, 3)));
    make(http, "one");
    make(http, "two");
    String token = http.get(PATH + "?limit=1").text("/metadata/continue");
    assertThat(http.get(PATH + "?limit=1&continue=" + token).code()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      make(http, "more-" + i);
    }
    Reply late = http.get(PATH + "?limit=1&continue=" + token);
    assertThat(late.code()).isEqualTo(410);
    assertThat(late.text("/reason")).isEqualTo("Expired");
  }

  @Test
  void aVersionFromBeforeARestartIsGone() {
    EmbeddedKubernetes first = servers.start(directory);
    String before = make(EmbeddedServers.http(first), "one").version();
    String last = make(EmbeddedServers.http(first), "two").version();
    first.close().await();
    RawClient http = EmbeddedServers.http(servers.start(directory));
    expectGone(http, before);
    try (Stream watch = http.watch(PATH + "?watch=true&resourceVersion=" + last)) {
      make(http, "three");
      assertThat(watch.nextTypeAndName()).isEqualTo("ADDED three");
    }
  }

  @Test
  void aReaderThatFallsBehindIsCutOffAndHoldsNobodyUp() {
    EmbeddedKubernetes server = servers.start(directory, c -> c.withLimits(5, 1_000));
    RawClient http = EmbeddedServers.http(server);
    String data = "{\"a\":\"" + "x".repeat(900_000) + "\"}";
    try (SlowReader slow = new SlowReader(server, PATH + "?watch=true");
        Stream brisk = http.watch(PATH + "?watch=true")) {
      for (int i = 0; i < 40; i++) {
        String name = "big-" + i;
        assertThat(http.post(PATH, SemanticsSuite.configMap(name, data)).code()).isEqualTo(201);
        assertThat(brisk.nextTypeAndName()).isEqualTo("ADDED " + name);
      }
      assertThat(slow.bytesUntilTheEnd()).isLessThan(40L * 900_000);
    }
  }

  @Test
  void anInformerRecoversFromARestart() {
    EmbeddedKubernetes first = servers.start(directory);
    List<String> seen = new CopyOnWriteArrayList<>();
    try (KubernetesClient client = KubernetesServer.of(first.kubeconfig()).client()) {
      RawClient http = EmbeddedServers.http(first);
      make(http, "before");
      make(http, "vanishing");
      SharedIndexInformer<ConfigMap> informer =
          client.configMaps().inNamespace("default").runnableInformer(0);
      informer.exceptionHandler((started, e) -> true);
      informer.addEventHandler(ClientSemantics.recorder(seen));
      informer.start().toCompletableFuture().join();
      Awaitility.await().atMost(SOON).until(() -> seen.contains("add vanishing"));
      first.close().await();

      // Changed while the informer cannot look: only a new list can tell it.
      int port = URI.create(first.url()).getPort();
      EmbeddedKubernetes hidden = servers.start(directory, c -> c.withPort(FreePort.next()));
      RawClient unseen = EmbeddedServers.http(hidden);
      assertThat(unseen.delete(PATH + "/vanishing").code()).isEqualTo(200);
      make(unseen, "unseen");
      hidden.close().await();
      EmbeddedKubernetes second = servers.start(directory, c -> c.withPort(port));
      make(EmbeddedServers.http(second), "after");
      Awaitility.await().atMost(SOON).until(() -> seen.contains("add after"));
      Awaitility.await().atMost(SOON).until(() -> seen.contains("delete vanishing"));
      assertThat(informer.getStore().list())
          .extracting(c -> c.getMetadata().getName())
          .containsExactlyInAnyOrder("before", "unseen", "after");
      informer.stop();
    }
  }
}

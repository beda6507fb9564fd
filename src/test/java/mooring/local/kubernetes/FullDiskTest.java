package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import mooring.HostPrograms;
import mooring.local.kubernetes.RawClient.Reply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes nothing for a while: a limit on the size of files stands in for a full one. */
@Timeout(180)
class FullDiskTest {
  private static final String PATH = "/api/v1/namespaces/default/configmaps";
  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String BROKEN = "cannot be written to disk";
  private static final String WELL = "can be written to disk again";

  @TempDir Path directory;

  @BeforeAll
  static void canLimit() throws InterruptedException {
    assumeTrue(HostPrograms.have("prlimit"), "there is no prlimit");
  }

  @Test
  void writesAreRefusedUntilThereIsRoomAgainAndReadsGoOn() throws Exception {
    try (ChildServer child = new ChildServer(directory)) {
      RawClient http = new RawClient(child.ready());
      Reply kept = http.post(PATH, SemanticsSuite.configMap("kept", "{\"a\":\"1\"}"));
      Reply before = http.get(PATH);
      try (RawClient.Stream watch =
          http.watch(PATH + "?watch=true&resourceVersion=" + kept.version())) {
        child.limitFiles(size());
        refused(http.post(PATH, SemanticsSuite.configMap("new", "{}")));
        refused(http.post(PATH, SemanticsSuite.configMap("new", "{}")));
        refused(http.patch(PATH + "/kept", RawClient.MERGE, "{\"data\":{\"a\":\"2\"}}"));
        refused(http.delete(PATH + "/kept"));
        assertThat(http.get(PATH).body()).isEqualTo(before.body());
        assertThat(http.get(PATH + "/kept").body()).isEqualTo(kept.body());
        assertThat(http.get(PATH + "/new").code()).isEqualTo(404);
        assertThat(watch.silent()).isTrue();

        child.unlimitFiles();
        Reply made = await(http, SemanticsSuite.configMap("new", "{}"));
        assertThat(number(made)).isEqualTo(number(kept) + 1);
        assertThat(watch.nextTypeAndName()).isEqualTo("ADDED new");
        assertThat(http.delete(PATH + "/kept").code()).isEqualTo(200);
        assertThat(watch.nextTypeAndName()).isEqualTo("DELETED kept");
      }
      Awaitility.await().until(() -> child.said(WELL).size() == 1);
      assertThat(child.said(BROKEN)).hasSize(1);
      assertThat(child.said("\tat ")).isEmpty();
      child.kill();
    }
    try (ChildServer child = new ChildServer(directory)) {
      assertThat(names(new RawClient(child.ready()))).containsExactly("new");
    }
  }

  @Test
  void theAddressOfAServiceThatWasRefusedIsFreeAfterwards() throws Exception {
    String service =
        SemanticsSuite.service("new", "{\"clusterIP\":\"10.96.7.7\",\"ports\":[{\"port\":5432}]}");
    try (ChildServer child = new ChildServer(directory)) {
      RawClient http = new RawClient(child.ready());
      http.post(PATH, SemanticsSuite.configMap("kept", "{}"));
      child.limitFiles(size());
      refused(http.post(SERVICES, service));
      refused(http.post(SERVICES, service));
      child.unlimitFiles();
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> http.post(SERVICES, service).code() == 201);
    }
  }

  @Test
  void whatWasRefusedIsNotThereAfterAKill() throws Exception {
    try (ChildServer child = new ChildServer(directory)) {
      RawClient http = new RawClient(child.ready());
      http.post(PATH, SemanticsSuite.configMap("kept", "{}"));
      child.limitFiles(size());
      refused(http.post(PATH, SemanticsSuite.configMap("new", "{}")));
      child.kill();
    }
    try (ChildServer child = new ChildServer(directory)) {
      assertThat(names(new RawClient(child.ready()))).containsExactly("kept");
    }
  }

  @Test
  void aServerThatFindsTheDiskFullAtItsStartAnswersReads() throws Exception {
    try (ChildServer child = new ChildServer(directory)) {
      new RawClient(child.ready()).post(PATH, SemanticsSuite.configMap("kept", "{}"));
      child.kill();
    }
    try (ChildServer child = ChildServer.withoutRoom(directory)) {
      RawClient http = new RawClient(child.ready());
      assertThat(names(http)).containsExactly("kept");
      refused(http.post(PATH, SemanticsSuite.configMap("new", "{}")));
    }
  }

  @Test
  void aServerThatCannotWriteStopsWhenAsked() throws Exception {
    try (ChildServer child = new ChildServer(directory)) {
      RawClient http = new RawClient(child.ready());
      child.limitFiles(size());
      refused(http.post(PATH, SemanticsSuite.configMap("new", "{}")));
      assertThat(child.stop()).isTrue();
    }
  }

  private static void refused(Reply reply) {
    assertThat(reply.code()).isEqualTo(503);
    assertThat(reply.text("/reason")).isEqualTo("ServiceUnavailable");
    assertThat(reply.text("/message")).contains(BROKEN);
    assertThat(reply.text("/details/retryAfterSeconds")).isEqualTo("1");
  }

  private static Reply await(RawClient http, String object) {
    return Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> http.post(PATH, object), reply -> reply.code() == 201);
  }

  private long size() throws Exception {
    return Files.size(directory.resolve("kubernetes.mv.db"));
  }

  private static long number(Reply reply) {
    return Long.parseLong(reply.version());
  }

  private static List<String> names(RawClient http) {
    return items(http).stream().map(i -> i.at("/metadata/name").asText()).toList();
  }

  private static List<JsonNode> items(RawClient http) {
    return StreamSupport.stream(http.get(PATH).body().path("items").spliterator(), false).toList();
  }
}

package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import mooring.local.kubernetes.RawClient.Reply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, however the process ended. */
@Timeout(240)
class DurabilityTest {
  private static final int WRITERS = 8;
  private static final String PATH = "/api/v1/namespaces/default/configmaps";

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void everyAcknowledgedWriteSurvivesAKillInTheMiddleOfWrites() throws Exception {
    Map<String, String> acknowledged = new ConcurrentHashMap<>();
    Set<String> deleted = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < 2; round++) {
      writeUntilKilled(round, acknowledged, deleted);
      try (ChildServer child = new ChildServer(directory)) {
        RawClient http = new RawClient(child.ready());
        verify(http, acknowledged, deleted);
        child.kill();
      }
    }
  }

  private void writeUntilKilled(int round, Map<String, String> acknowledged, Set<String> deleted)
      throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try (ChildServer child = new ChildServer(directory)) {
      RawClient http = new RawClient(child.ready());
      int before = acknowledged.size();
      for (int writer = 0; writer < WRITERS; writer++) {
        String prefix = "r" + round + "-w" + writer + "-";
        writers.execute(() -> write(http, prefix, acknowledged, deleted));
      }
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .pollInterval(5, TimeUnit.MILLISECONDS)
          .until(() -> acknowledged.size() > before + 300);
      child.kill();
    } finally {
      writers.shutdown();
      assertThat(writers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Creates, changes and now and then deletes, until the server is gone. */
  private static void write(
      RawClient http, String prefix, Map<String, String> acknowledged, Set<String> deleted) {
    try {
      for (int i = 0; ; i++) {
        String name = prefix + i;
        Reply made = http.post(PATH, SemanticsSuite.configMap(name, "{\"a\":\"1\"}"));
        if (made.code() != 201) {
          return;
        }
        acknowledged.put(name, made.version());
        Reply changed = http.patch(PATH + "/" + name, RawClient.MERGE, "{\"data\":{\"a\":\"2\"}}");
        acknowledged.put(name, changed.version());
        if (i % 5 == 0) {
          // Whether this one is acknowledged is not known yet: nothing is expected of it.
          acknowledged.remove(name);
          http.delete(PATH + "/" + name);
          deleted.add(name);
        }
      }
    } catch (IllegalStateException killed) {
      // The connection broke: what was sent last was not acknowledged.
    }
  }

  private static void verify(
      RawClient http, Map<String, String> acknowledged, Set<String> deleted) {
    Reply list = http.get(PATH);
    Map<String, String> there = new ConcurrentHashMap<>();
    list.body()
        .path("items")
        .forEach(
            i ->
                there.put(
                    i.at("/metadata/name").asText(), i.at("/metadata/resourceVersion").asText()));
    List<String> lost = new ArrayList<>();
    acknowledged.forEach(
        (name, version) -> {
          long found = Long.parseLong(there.getOrDefault(name, "0"));
          if (found < Long.parseLong(version)) {
            lost.add(name + " " + version + " is " + found);
          }
        });
    assertThat(lost).isEmpty();
    assertThat(there.keySet()).doesNotContainAnyElementsOf(deleted);
    long newest = acknowledged.values().stream().mapToLong(Long::parseLong).max().orElseThrow();
    assertThat(Long.parseLong(list.version())).isGreaterThanOrEqualTo(newest);
  }

  @Test
  void aSecondProcessIsTurnedAwayAndTheFirstGoesOn() throws Exception {
    try (ChildServer first = new ChildServer(directory)) {
      RawClient http = new RawClient(first.ready());
      try (ChildServer second = new ChildServer(directory)) {
        assertThat(second.lastWords()).contains("another process").contains(directory.toString());
      }
      assertThat(http.get(PATH).code()).isEqualTo(200);
      assertThat(first.stop()).isTrue();
    }
  }

  @Test
  void deletionsThatACrashCutShortAreFinishedAfterwards() throws Exception {
    try (ChildServer child = new ChildServer(directory)) {
      RawClient http = new RawClient(child.ready());
      Reply owner = http.post(PATH, SemanticsSuite.configMap("owner", "{}"));
      for (int i = 0; i < 150; i++) {
        String references =
            "\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"owner\",\"uid\":\"%s\"}]"
                .formatted(owner.text("/metadata/uid"));
        http.post(PATH, SemanticsSuite.configMapWith("owned-" + i, references));
      }
      assertThat(http.delete(PATH + "/owner").code()).isEqualTo(200);
      child.kill();
    }
    try (ChildServer child = new ChildServer(directory)) {
      RawClient http = new RawClient(child.ready());
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .until(() -> http.get(PATH).body().path("items").isEmpty());
    }
  }
}

package mooring.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ten thousand objects of a type; how long that takes is logged. */
@Timeout(180)
class ScaleTest {
  private static final Logger log = LoggerFactory.getLogger(ScaleTest.class);
  private static final int OBJECTS = 10_000;
  private static final int WRITERS = 32;
  private static final String PATH = "/apis/postgresql.cnpg.io/v1/namespaces/default/clusters";
  private static final String SPEC = "{\"instances\":1,\"storage\":{\"size\":\"1Gi\"}}";

  @TempDir Path directory;
  private final EmbeddedServers servers = new EmbeddedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void keepsTenThousandObjects() throws Exception {
    EmbeddedKubernetes server = servers.start(directory);
    RawClient http = EmbeddedServers.http(server);
    Duration creates = timed(() -> createAll(http));
    assertThat(http.get(PATH).body().path("items")).hasSize(OBJECTS);
    Duration list = timed(() -> http.get(PATH));
    Duration reads = timed(() -> repeat(i -> http.get(PATH + "/db-" + i * 97)));
    Duration patches =
        timed(
            () ->
                repeat(
                    i ->
                        http.patch(
                            PATH + "/db-" + i * 97 + "/status",
                            RawClient.MERGE,
                            "{\"status\":{\"phase\":\"Cluster in healthy state\"}}")));
    server.close().await();
    EmbeddedKubernetes[] again = new EmbeddedKubernetes[1];
    Duration restart = timed(() -> again[0] = servers.start(directory));
    log.atInfo()
        .addKeyValue("creates", creates)
        .addKeyValue("list", list)
        .addKeyValue("gets", reads)
        .addKeyValue("patches", patches)
        .addKeyValue("restart", restart)
        .log("Measured with 10,000 objects");
    assertThat(EmbeddedServers.http(again[0]).get(PATH).body().path("items")).hasSize(OBJECTS);
  }

  private static void createAll(RawClient http) {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    AtomicInteger failed = new AtomicInteger();
    for (int i = 0; i < OBJECTS; i++) {
      String body = SemanticsSuite.cluster("db-" + i, SPEC);
      writers.execute(
          () -> {
            if (http.post(PATH, body).code() != 201) {
              failed.incrementAndGet();
            }
          });
    }
    writers.shutdown();
    try {
      assertThat(writers.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assertThat(failed).hasValue(0);
  }

  private static void repeat(java.util.function.IntFunction<RawClient.Reply> request) {
    for (int i = 0; i < 100; i++) {
      assertThat(request.apply(i).code()).isEqualTo(200);
    }
  }

  private static Duration timed(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}

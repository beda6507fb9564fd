package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mooring.local.pods.HostServer;
import mooring.local.pods.RedisHere;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis on the embedded default, and servers that are not on this machine. */
@Tag("slow")
class RedisIT {
  @RegisterExtension final Workplace place = new Workplace();
  private Product product;
  private Path data;
  private String version;

  @BeforeEach
  void choosePlace() throws Exception {
    version = RedisHere.version();
    product = new Product(place, "mooring", Map.of("MOORING_ADDRESS_POOL", "127.94.0.0/16"));
    data = product.directory().resolve("data");
  }

  @Test
  void redisLivesHereAndWhatDoesNotSaysWhatToDo() throws Exception {
    // Enough for Redis and its replica, and for the others over soon after.
    product.with("MOORING_CREATE_DEADLINE", "30s").start();
    String other = RedisHere.otherThan(version);
    String mysql = lacking("mysqld", "8.4", "8.0");
    String mongodb = lacking("mongod", "7.0", "6.0");
    Map<String, String> reasons =
        Map.of(
            create("other", "redis", other),
            "redis-server " + other + " is not on the PATH (found " + version,
            create("shop", "mysql", mysql),
            "mysqld " + mysql + " is not on the PATH (found ",
            create("notes", "mongodb", mongodb),
            "mongod " + mongodb + " is not on the PATH (found ");

    redisKeepsItsDataUntilItIsDeleted();

    for (Map.Entry<String, String> one : reasons.entrySet()) {
      databases().awaitStatus(one.getKey(), "error");
      assertThat(databases().get(one.getKey()).getString("status_reason")).contains(one.getValue());
      databases().delete(one.getKey());
      databases().awaitGone(one.getKey());
    }
    assertThat(databases().listed()).isEmpty();
  }

  private void redisKeepsItsDataUntilItIsDeleted() throws Exception {
    String id = databases().create(body("cache", "redis", version).put("replicas", 2));
    JsonObject credentials = databases().credentials(id);
    databases().awaitStatus(id, "running");
    String uri = credentials.getString("connection_string");
    assertThat(databases().get(id).getString("version")).isEqualTo(version);
    assertThat(ask(uri, "set", "greeting", "hello")).isEqualTo("OK");
    awaitReplica(uri);
    assertThat(ask(uri, "config", "get", "save")).isEqualTo("save");
    assertThat(ask(uri.replaceFirst(":[^:@]+@", ":wrong@"), "get", "greeting"))
        .contains("NOAUTH")
        .doesNotContain("hello");

    product.stop();
    HostServers.awaitNone(data);
    product.start();
    databases().awaitStatus(id, "running");
    assertThat(databases().credentials(id)).isEqualTo(credentials);
    assertThat(ask(uri, "get", "greeting")).isEqualTo("hello");
    awaitReplica(uri);

    databases().delete(id);
    databases().awaitGone(id);
    HostServers.awaitNone(data);
    assertThat(ask(uri, "ping")).contains("Connection refused");
    assertThat(product.output()).doesNotContain(credentials.getString("password"));
  }

  /** It says itself that it is ready, and is not connected for that. */
  private static void awaitReplica(String uri) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(ask(uri, "info", "replication"))
                    .contains("role:master", "connected_slaves:1"));
  }

  private String create(String name, String engine, String version) {
    return databases().create(body(name, engine, version));
  }

  private static JsonObject body(String name, String engine, String version) {
    JsonObject body = Databases.body(name).put("plan_id", "db-s-1vcpu-1gb");
    return body.put("db_type", engine).put("version", version);
  }

  private Databases databases() {
    try {
      String exports = Files.readString(data.resolve("credentials.env"));
      return new Databases(product.client(Exports.of(exports).get("MOORING_TOKEN")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ask(String uri, String... words) throws IOException {
    return RedisHere.cli(List.of("-u", uri), words);
  }

  /** The version of the two that is not here. */
  private static String lacking(String program, String one, String other) {
    String said = HostServer.run(Map.of(), "sh", "-c", program + " --version");
    return said.contains(one + ".") ? other : one;
  }
}

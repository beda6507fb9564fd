package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis on the embedded default, and the engines that it does not run. */
class RedisIT {
  private static final Pattern OFFERED = Pattern.compile("v=(7\\.[02])\\.");

  @RegisterExtension final Workplace place = new Workplace();
  private Product product;
  private Path data;
  private String version;

  @BeforeEach
  void choosePlace() throws Exception {
    version = installed();
    assumeTrue(!version.isEmpty(), "no redis-server 7.0 or 7.2 is on the PATH: skipped");
    product = new Product(place, "mooring", Map.of("MOORING_ADDRESS_POOL", "127.92.0.0/16"));
    data = product.directory().resolve("data");
  }

  @Test
  void redisLivesHereAndWhatDoesNotSaysWhatToDo() throws Exception {
    // Enough for Redis, and over for the others when they are looked at.
    product.with("MOORING_CREATE_DEADLINE", "10s").start();
    String other = version.equals("7.0") ? "7.2" : "7.0";
    Map<String, String> reasons =
        Map.of(
            create("other", "redis", other),
            "redis-server " + other + " is not on the PATH (found " + version,
            create("shop", "mysql", "8.4"),
            "the embedded default does not run MySQL: use a cluster",
            create("notes", "mongodb", "7.0"),
            "the embedded default does not run MongoDB: use a cluster");

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
    String id = create("cache", "redis", version);
    JsonObject credentials = databases().credentials(id);
    databases().awaitStatus(id, "running");
    String uri = credentials.getString("connection_string");
    assertThat(databases().get(id).getString("version")).isEqualTo(version);
    assertThat(ask(uri, "set", "greeting", "hello")).isEqualTo("OK");
    assertThat(ask(uri.replaceFirst(":[^:@]+@", ":wrong@"), "get", "greeting"))
        .contains("NOAUTH")
        .doesNotContain("hello");

    product.stop();
    assertThat(servers()).isEmpty();
    product.start();
    databases().awaitStatus(id, "running");
    assertThat(databases().credentials(id)).isEqualTo(credentials);
    assertThat(ask(uri, "get", "greeting")).isEqualTo("hello");

    databases().delete(id);
    databases().awaitGone(id);
    assertThat(servers()).isEmpty();
    assertThat(ask(uri, "ping")).contains("Connection refused");
    assertThat(product.output()).doesNotContain(credentials.getString("password"));
  }

  private String create(String name, String engine, String version) {
    JsonObject body = Databases.body(name).put("plan_id", "db-s-1vcpu-1gb");
    return databases().create(body.put("db_type", engine).put("version", version));
  }

  /** The processes that work below the data directory, but PostgreSQL's. */
  private List<ProcessHandle> servers() {
    return ProcessHandle.allProcesses()
        .filter(process -> worksIn(process, data))
        .filter(
            process ->
                process.info().command().filter(path -> path.endsWith("/postgres")).isEmpty())
        .toList();
  }

  private static boolean worksIn(ProcessHandle process, Path directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
          .startsWith(directory);
    } catch (IOException e) {
      return false;
    }
  }

  private Databases databases() {
    try {
      String exports = Files.readString(data.resolve("credentials.env"));
      return new Databases(product.client(Exports.of(exports).get("MOORING_TOKEN")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code redis-cli} says; its exit status tells nothing. */
  private static String ask(String uri, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("redis-cli", "--no-auth-warning", "-u", uri));
    command.addAll(List.of(words));
    return run(command);
  }

  /** The version of the {@code redis-server} here; empty without one that is offered. */
  private static String installed() throws Exception {
    Matcher said =
        OFFERED.matcher(run(List.of("sh", "-c", "redis-server --version && redis-cli --version")));
    return said.find() ? said.group(1) : "";
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return said.strip();
  }
}

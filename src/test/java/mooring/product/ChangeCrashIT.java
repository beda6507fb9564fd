package mooring.product;

import static mooring.product.CloudheedDatabases.login;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} in the middle of every kind of change, with the servers or without. */
@Tag("slow")
class ChangeCrashIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @RegisterExtension final Workplace place = new Workplace();
  private Product product;
  private Path data;
  private JsonObject shop;
  private String id;

  @BeforeEach
  void startWithARow() throws SQLException {
    product = new Product(place, "mooring", Map.of("MOORING_ADDRESS_POOL", "127.92.0.0/16"));
    data = product.directory().resolve("data");
    product.start();
    shop = databases().create("shop", "small");
    id = shop.getString("id");
    databases().awaitStatus(id, "running");
    login(shop).run("create table words (word text)", "insert into words values ('kept')");
  }

  @ParameterizedTest
  @CsvSource({
    "stop, operation claimed, stopped, false",
    "stop, PostgreSQL stopped, stopped, false",
    "stop, operation claimed, stopped, true",
    "restart, operation claimed, running, false",
    "restart, PostgreSQL stopped, running, true",
    "resize, operation claimed, running, false",
    "resize, PostgreSQL stopped, running, true",
  })
  void duringAnAction(String action, String moment, String word, boolean everything)
      throws SQLException {
    JsonObject body = new JsonObject();
    if (action.equals("resize")) {
      body.put("tier", "medium");
    }
    long before = said(moment);
    databases().act(id, action, body);
    killWhenSaid(moment, before, everything);

    product.start();
    databases().awaitStatus(id, word);
    if (word.equals("stopped")) {
      assertThat(place.servers(data).serversByDirectory()).hasSize(1);
      databases().act(id, "start");
    }
    databases().awaitStatus(id, "running");
    assertThat(login(shop).ask("select word from words")).isEqualTo("kept");
    assertOneServerEach(1);
  }

  @ParameterizedTest
  @CsvSource({"operation claimed, false", "operation claimed, true", "operation ended, false"})
  void duringAPasswordReset(String moment, boolean everything) {
    long before = said(moment);
    CloudheedDatabases databases = databases();
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(
            () -> databases.http.post("/v1/databases/" + id + "/reset-password", new JsonObject()));
    killWhenSaid(moment, before, everything);
    JsonObject changed = null;
    try {
      changed = answer.join().json();
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(UncheckedIOException.class);
    }

    product.start();
    databases().awaitStatus(id, "running");
    // What the API says is the one password that works, whether or not anybody was answered.
    Login now = Login.of(uncloud().credentials("db_" + id.substring("db-".length())));
    await("one password works")
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(now.ask("select word from words")).isEqualTo("kept"));
    if (changed != null && changed.containsKey("password")) {
      assertThat(now.password()).isEqualTo(changed.getString("password"));
    }
    JsonObject again = databases().act(id, "reset-password");
    assertThat(again.getString("password")).isNotEqualTo(now.password());
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void duringABackup(boolean everything) throws SQLException {
    String backup = databases().backUp(id, "first").getString("id");
    product.kill();
    if (everything) {
      place.servers(data).killAll();
    }

    product.start();
    databases().awaitStatus(id, "running");
    await("the backup ends")
        .atMost(LIMIT)
        .until(
            () -> {
              String status = databases().backup(id, backup).getString("status");
              return status.equals("completed") || status.equals("failed");
            });
    String next = databases().backUp(id, "second").getString("id");
    databases().awaitBackup(id, next, "completed");
    JsonObject copy = databases().restore(id, next, "copy");
    databases().awaitStatus(copy.getString("id"), "running");
    assertThat(login(copy).ask("select word from words")).isEqualTo("kept");
  }

  @Test
  void duringARestore() throws SQLException {
    String backup = databases().backUp(id, "first").getString("id");
    databases().awaitBackup(id, backup, "completed");
    long before = said("Setting up primary");
    JsonObject copy = databases().restore(id, backup, "copy");
    killWhenSaid("Setting up primary", before, true);

    product.start();
    databases().awaitStatus(copy.getString("id"), "running");
    assertThat(login(copy).ask("select word from words")).isEqualTo("kept");
    databases().awaitStatus(id, "running");
    assertOneServerEach(2);
    databases().delete(copy.getString("id"));
    databases().awaitGone(copy.getString("id"));
    assertOneServerEach(1);
  }

  private void assertOneServerEach(int databases) {
    assertThat(place.servers(data).serversByDirectory())
        .hasSize(databases + 1)
        .allSatisfy((directory, servers) -> assertThat(servers).isEqualTo(1));
  }

  private void killWhenSaid(String words, long before, boolean everything) {
    await(words).atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> said(words) > before);
    product.kill();
    if (everything) {
      place.servers(data).killAll();
    }
  }

  private long said(String words) {
    return product.output().lines().filter(line -> line.contains(words)).count();
  }

  private CloudheedDatabases databases() {
    return new CloudheedDatabases(product.client(token()));
  }

  private Databases uncloud() {
    return new Databases(product.client(token()));
  }

  private String token() {
    try {
      String lines = Files.readString(data.resolve("credentials.env"));
      return Exports.of(lines).get("MOORING_TOKEN");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

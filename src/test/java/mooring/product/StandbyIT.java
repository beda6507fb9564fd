package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mooring.api.ContractClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster of several instances over HTTP: made, bereft of its primary, grown and shrunk. */
@Tag("slow")
class StandbyIT {
  private static final String CLUSTERS = "/databases/postgresql/clusters";
  private static final String WORD = "a-password-of-mine";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension final Workplace place = new Workplace();
  private Product product;
  private Path databases;
  private ContractClient client;

  @BeforeEach
  void startProduct() throws IOException {
    product = new Product(place, "mooring", Map.of("MOORING_ADDRESS_POOL", "127.115.0.0/16"));
    databases = product.directory().resolve("data").resolve("databases").resolve("default");
    start();
  }

  private void start() throws IOException {
    product.start();
    Path data = product.directory().resolve("data");
    Map<String, String> exports = Exports.of(Files.readString(data.resolve("credentials.env")));
    client = product.client(exports.get("MOORING_TOKEN"));
  }

  @Test
  void aClusterOutlivesItsPrimaryAndChangesItsSize() throws Exception {
    String id = create(3, "STRICTLY_SYNCHRONOUS");
    awaitState(id, "AVAILABLE");
    Login login = login(id);
    login.run("create table kept as select 42 as value");
    assertThat(servers()).hasSize(3);
    Path primary = databases.resolve(servers().get(0)).resolve("pgdata").toAbsolutePath();

    List<String> states = new ArrayList<>();
    place.servers(databases).kill(primary.normalize());
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              states.add(state(id));
              return states.contains("DEGRADED") && state(id).equals("AVAILABLE");
            });
    assertThat(states).isSubsetOf("AVAILABLE", "DEGRADED");
    assertThat(login.ask("select value from kept")).isEqualTo("42");
    assertThat(primary.resolve("standby.signal")).exists();
    login.run("insert into kept values (43)");

    product.kill();
    place.servers(databases).killAll();
    start();
    awaitState(id, "AVAILABLE");
    assertThat(place.servers(databases).running()).hasSize(3);
    assertThat(login.ask("select sum(value) from kept")).isEqualTo("85");
    assertThat(primary.resolve("standby.signal")).exists();

    change(id, new JsonObject().put("instances", 1));
    assertThat(servers()).hasSize(1);
    assertThat(place.servers(databases).running()).hasSize(1);
    change(id, new JsonObject().put("instances", 2).put("synchronizationMode", "SYNCHRONOUS"));
    assertThat(place.servers(databases).running()).hasSize(2);
    assertThat(login.ask("select sum(value) from kept")).isEqualTo("85");

    assertThat(client.delete(CLUSTERS + "/" + id).status()).isEqualTo(200);
    await().atMost(LIMIT).until(() -> client.get(CLUSTERS + "/" + id).status() == 404);
    assertThat(servers()).isEmpty();
    assertThat(place.servers(databases).running()).isEmpty();
  }

  private String create(int instances, String mode) {
    JsonObject properties =
        new JsonObject()
            .put("displayName", "Ledger")
            .put("postgresVersion", "16")
            .put("location", "de/fra")
            .put("instances", instances)
            .put("cores", 1)
            .put("ram", 2048)
            .put("storageSize", 20480)
            .put("storageType", "SSD Premium")
            .put("synchronizationMode", mode)
            .put("credentials", new JsonObject().put("username", "keeper").put("password", WORD));
    ContractClient.Answer answer =
        client.post(CLUSTERS, new JsonObject().put("properties", properties));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json().getString("id");
  }

  private void change(String id, JsonObject properties) {
    ContractClient.Answer answer =
        client.patch(CLUSTERS + "/" + id, new JsonObject().put("properties", properties));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.json().getJsonObject("metadata").getString("state")).isEqualTo("BUSY");
    awaitState(id, "AVAILABLE");
  }

  private Login login(String id) {
    String host =
        client.get(CLUSTERS + "/" + id).json().getJsonObject("properties").getString("dnsName");
    return new Login(host, 5432, "keeper", WORD, "postgres");
  }

  private String state(String id) {
    return client.get(CLUSTERS + "/" + id).json().getJsonObject("metadata").getString("state");
  }

  private void awaitState(String id, String word) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(state(id)).isEqualTo(word));
  }

  private List<String> servers() throws IOException {
    if (!Files.isDirectory(databases)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(databases)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}

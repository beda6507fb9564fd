package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.ExercisedOperations;
import mooring.core.Instance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the API over a real store, each with a tenant of its own. */
@ExtendWith(ExercisedOperations.class)
abstract class IonosTestBase {
  static final String ROOT = "/databases/postgresql";
  static final String CLUSTERS = ROOT + "/clusters";

  static ApiOnStore server;
  UUID tenant;
  ContractClient client;

  @BeforeAll
  static void start() {
    server = new ApiOnStore();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void tenant() {
    tenant = server.newTenant();
    client = server.api.client(server.token(tenant, "dkc_live_"));
  }

  static ContractClient newTenant() {
    return server.api.client(server.token(server.newTenant(), "dkc_live_"));
  }

  /** A body with all that has to be in it. */
  static JsonObject asked(String name) {
    return body(
        new JsonObject()
            .put("postgresVersion", "16")
            .put("instances", 1)
            .put("cores", 2)
            .put("ram", 4096)
            .put("storageSize", 20480)
            .put("storageType", "SSD Premium")
            .put("connections", new JsonArray().add(connection()))
            .put("location", "de/fra")
            .put("displayName", name)
            .put("synchronizationMode", "ASYNCHRONOUS")
            .put(
                "credentials",
                new JsonObject().put("username", "owner").put("password", "Long-Enough-1")));
  }

  static JsonObject connection() {
    return new JsonObject()
        .put("datacenterId", "55555555-aaaa-4bbb-8ccc-666666666666")
        .put("lanId", "1")
        .put("cidr", "192.168.1.100/24");
  }

  static JsonObject body(JsonObject properties) {
    return new JsonObject().put("properties", properties);
  }

  /** Creates a cluster and waits for nothing; its path. */
  static String create(ContractClient client, JsonObject asked) {
    Answer answer = client.post(CLUSTERS, asked);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return CLUSTERS + "/" + answer.json().getString("id");
  }

  /** Creates a cluster that runs; its path. */
  static String running(ContractClient client, String name) {
    String path = create(client, asked(name));
    finish(path);
    return path;
  }

  static Instance row(String path) {
    UUID id = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
    return server.store.instances().find(id).blockingGet();
  }

  static Instance finish(String path) {
    return server.finish(row(path));
  }

  static JsonObject properties(Answer answer) {
    return answer.json().getJsonObject("properties");
  }

  static String state(Answer answer) {
    return answer.json().getJsonObject("metadata").getString("state");
  }

  static List<String> names(Answer answer) {
    return answer.json().getJsonArray("items").stream()
        .map(one -> ((JsonObject) one).getJsonObject("properties").getString("displayName"))
        .toList();
  }

  static void refused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.json().getInteger("httpStatus")).isEqualTo(status);
    assertThat(answer.json().getJsonArray("messages"))
        .isNotEmpty()
        .allMatch(message -> ((JsonObject) message).getString("errorCode").equals(code));
  }

  /** Refused with one message, that begins like this. */
  static void invalid(Answer answer, String message) {
    refused(answer, 422, "validation-failed");
    assertThat(answer.messages()).singleElement().asString().startsWith(message);
  }
}

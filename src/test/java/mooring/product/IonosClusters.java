package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;

/** What a tenant does with clusters through the IONOS API. */
final class IonosClusters {
  static final String ALL = "/databases/postgresql/clusters";
  static final String PASSWORD = "Long-Enough-1";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);

  final ContractClient http;

  IonosClusters(ContractClient http) {
    this.http = http;
  }

  static JsonObject properties(String name) {
    return new JsonObject()
        .put("postgresVersion", "16")
        .put("instances", 1)
        .put("cores", 1)
        .put("ram", 2048)
        .put("storageSize", 2048)
        .put("storageType", "SSD")
        .put("connections", new JsonArray())
        .put("location", "de/fra")
        .put("displayName", name)
        .put("synchronizationMode", "ASYNCHRONOUS")
        .put("credentials", new JsonObject().put("username", "owner").put("password", PASSWORD));
  }

  /** Has a cluster accepted; its id. */
  String create(JsonObject properties) {
    return expect(200, http.post(ALL, new JsonObject().put("properties", properties)))
        .getString("id");
  }

  JsonObject get(String id) {
    return expect(200, http.get(ALL + "/" + id));
  }

  JsonObject patch(String id, JsonObject properties) {
    return expect(200, http.patch(ALL + "/" + id, new JsonObject().put("properties", properties)));
  }

  /** Those of one cluster, or of all for an empty id. */
  List<JsonObject> backups(String id) {
    String at = id.isEmpty() ? ALL : ALL + "/" + id;
    return expect(200, http.get(at + "/backups")).getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  /** The backup that is written now, once something can be recovered from it. */
  String awaitBackup(String id) {
    await("a backup of " + id)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .until(
            () -> {
              // Told in whole seconds, so its earliest moment may still be to come.
              Instant earliest =
                  backups(id)
                      .get(0)
                      .getJsonObject("properties")
                      .getInstant("earliestRecoveryTargetTime");
              return earliest != null && earliest.isBefore(Instant.now());
            });
    return backups(id).get(0).getString("id");
  }

  /** What its servers have said, newest first. */
  List<JsonObject> logs(String id) {
    return expect(200, http.get(ALL + "/" + id + "/logs")).getJsonArray("instances").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  void restore(String id, String backup, String moment) {
    JsonObject body = new JsonObject().put("backupId", backup);
    Answer answer =
        http.post(
            ALL + "/" + id + "/restore",
            moment == null ? body : body.put("recoveryTargetTime", moment));
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(202);
  }

  void awaitState(String id, String word) {
    await(id + " is " + word)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(
            () -> assertThat(get(id).getJsonObject("metadata").getString("state")).isEqualTo(word));
  }

  void delete(String id) {
    assertThat(http.delete(ALL + "/" + id).status()).isEqualTo(200);
  }

  void awaitGone(String id) {
    await(id + " is gone")
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(() -> assertThat(http.get(ALL + "/" + id).status()).isEqualTo(404));
  }

  /** Of the owner, to the database that is there before any other. */
  Login login(String id) {
    String host = get(id).getJsonObject("properties").getString("dnsName");
    return new Login(host, 5432, "owner", PASSWORD, "postgres");
  }

  private static JsonObject expect(int status, Answer answer) {
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(status);
    return answer.json();
  }
}

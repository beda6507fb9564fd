package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;

/** What a tenant does with databases through the Cloudheed API. */
final class CloudheedDatabases {
  private static final String ALL = "/v1/databases";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);

  final ContractClient http;

  CloudheedDatabases(ContractClient http) {
    this.http = http;
  }

  /** Has a database accepted; the answer, with its password. */
  JsonObject create(String name, String tier) {
    JsonObject body = new JsonObject().put("name", name).put("region", "fsn1").put("tier", tier);
    return expect(201, http.post(ALL, body));
  }

  JsonObject get(String id) {
    return expect(200, http.get(ALL + "/" + id));
  }

  JsonObject act(String id, String action, JsonObject body) {
    return expect(200, http.post(ALL + "/" + id + "/" + action, body));
  }

  JsonObject act(String id, String action) {
    return act(id, action, new JsonObject());
  }

  void delete(String id) {
    assertThat(http.delete(ALL + "/" + id).status()).isEqualTo(204);
  }

  JsonObject backUp(String id, String name) {
    return expect(202, http.post(ALL + "/" + id + "/backups", new JsonObject().put("name", name)));
  }

  List<JsonObject> backups(String id) {
    JsonArray all = expect(200, http.get(ALL + "/" + id + "/backups")).getJsonArray("backups");
    return all.stream().map(JsonObject.class::cast).toList();
  }

  JsonObject backup(String id, String backup) {
    return backups(id).stream()
        .filter(one -> one.getString("id").equals(backup))
        .findFirst()
        .orElseThrow();
  }

  JsonObject awaitBackup(String id, String backup, String word) {
    await(backup + " is " + word)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(
            () -> {
              JsonObject shown = backup(id, backup);
              assertThat(shown.getString("status")).as(shown.encode()).isEqualTo(word);
            });
    return backup(id, backup);
  }

  /** Has a backup restored into a new database; the answer, with its password. */
  JsonObject restore(String id, String backup, String target) {
    JsonObject body = new JsonObject().put("target_database_name", target);
    return expect(202, http.post(ALL + "/" + id + "/backups/" + backup + "/restore", body));
  }

  /** Has a moment restored into a new database. */
  JsonObject restoreTo(String id, String moment, String target) {
    JsonObject body =
        new JsonObject().put("target_time", moment).put("target_database_name", target);
    return expect(202, http.post(ALL + "/" + id + "/pitr", body));
  }

  /** Waits for a status; every other one that was seen on the way, in order. */
  List<String> awaitStatus(String id, String word) {
    List<String> seen = new ArrayList<>();
    await(id + " is " + word)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(
            () -> {
              JsonObject shown = get(id);
              String status = shown.getString("status");
              if (!status.equals(word)
                  && (seen.isEmpty() || !seen.get(seen.size() - 1).equals(status))) {
                seen.add(status);
              }
              assertThat(status).as(shown.encode()).isEqualTo(word);
            });
    return seen;
  }

  void awaitGone(String id) {
    await(id + " is gone")
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(() -> assertThat(http.get(ALL + "/" + id).status()).isEqualTo(404));
  }

  /** The login that a connection string describes. */
  static Login login(JsonObject shown) {
    URI uri = URI.create(shown.getString("connection_string"));
    String[] user = uri.getUserInfo().split(":", 2);
    return new Login(uri.getHost(), uri.getPort(), user[0], user[1], uri.getPath().substring(1));
  }

  private static JsonObject expect(int status, Answer answer) {
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(status);
    return answer.json();
  }
}

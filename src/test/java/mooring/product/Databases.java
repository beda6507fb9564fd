package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;

/** What a tenant does with databases, over HTTP. */
final class Databases {
  static final String ALL = "/api/v1/databases";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  final ContractClient http;

  Databases(ContractClient http) {
    this.http = http;
  }

  /** The body that the API's documentation publishes, with another name. */
  static JsonObject body(String name) {
    return new JsonObject()
        .put("name", name)
        .put("db_type", "postgresql")
        .put("version", "16")
        .put("plan_id", "db-s-2vcpu-4gb")
        .put("region", "nyc1")
        .put("storage_gb", 50)
        .put("replicas", 1);
  }

  /** Has a database accepted; its id. */
  String create(String name) {
    return create(body(name));
  }

  /** Has a database accepted; its id. */
  String create(JsonObject body) {
    Answer answer = http.post(ALL, body);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    assertThat(answer.json().getString("status")).isEqualTo("provisioning");
    return answer.json().getString("id");
  }

  JsonObject get(String id) {
    Answer answer = http.get(ALL + "/" + id);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json();
  }

  String status(String id) {
    return get(id).getString("status");
  }

  void delete(String id) {
    assertThat(http.delete(ALL + "/" + id).status()).isEqualTo(204);
  }

  JsonObject credentials(String id) {
    Answer answer = http.get(ALL + "/" + id + "/credentials");
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json();
  }

  List<String> listed() {
    Answer answer = http.get(ALL);
    assertThat(answer.status()).isEqualTo(200);
    return answer.array().stream().map(item -> ((JsonObject) item).getString("id")).toList();
  }

  void awaitStatus(String id, String word) {
    await(id + " is " + word)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(
            () -> {
              JsonObject shown = get(id);
              assertThat(shown.getString("status")).as(shown.encode()).isEqualTo(word);
            });
  }

  /** Waits for a 404. */
  void awaitGone(String id) {
    await(id + " is gone")
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(() -> assertThat(http.get(ALL + "/" + id).status()).isEqualTo(404));
  }

  /** The status of a GET; 0 when there was no answer. */
  int poll(String id) {
    try {
      return http.get(ALL + "/" + id).status();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }
}

package mooring.api.cloudheed;

import static mooring.api.cloudheed.CloudheedAnswers.fieldsAtFault;
import static mooring.api.cloudheed.CloudheedAnswers.refused;
import static mooring.api.cloudheed.CloudheedBench.asked;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PostgreSQL's settings. */
class CloudheedConfigurationTest extends CloudheedTestBase {
  private JsonObject shown(String path) {
    Answer answer = client.get(path + "/configuration");
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().getJsonObject("configuration");
  }

  @ParameterizedTest
  @CsvSource({
    "free,64MB,2MB,6,2MB", "micro,256MB,4MB,60,8MB", "small,512MB,4MB,90,16MB",
    "medium,1024MB,8MB,120,16MB", "large,2048MB,16MB,160,16MB", "xl,4096MB,32MB,240,16MB"
  })
  void showsWhatTheTierHas(
      String tier, String buffers, String workMem, int connections, String walBuffers) {
    JsonObject shown = shown(bench.running(client, asked("shop").put("tier", tier)));
    assertThat(shown.getMap())
        .containsEntry("shared_buffers", buffers)
        .containsEntry("work_mem", workMem)
        .containsEntry("max_connections", connections)
        .containsEntry("wal_buffers", walBuffers)
        .containsEntry("checkpoint_completion_target", 0.9)
        .containsEntry("random_page_cost", 4)
        .containsEntry("log_statement", "none")
        .containsEntry("log_connections", false)
        .containsEntry("log_min_duration_statement", -1)
        .hasSize(18);
  }

  @Test
  void changesWhatIsAskedFor() {
    String path = bench.running(client, "shop");
    JsonObject change =
        new JsonObject()
            .put("max_connections", 50)
            .put("work_mem", "8MB")
            .put("checkpoint_completion_target", 0.5)
            .put("random_page_cost", 1.1)
            .put("statement_timeout", 60_000)
            .put("log_statement", "ddl")
            .put("log_min_duration_statement", 2_147_483_647)
            .put("log_connections", true)
            .put("shared_buffers", "256MB");
    Answer answer = client.patch(path + "/configuration", change);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    JsonObject changed = answer.json().getJsonObject("configuration");
    assertThat(changed.getMap()).containsAllEntriesOf(change.getMap()).hasSize(18);
    assertThat(changed.getString("wal_buffers")).isEqualTo("8MB");
    assertThat(shown(path)).isEqualTo(changed);
    assertThat(client.get(path).json().getString("status")).isEqualTo("running");
    assertThat(bench.row(path).setup().parameters())
        .containsEntry("log_connections", "on")
        .containsEntry("random_page_cost", "1.1")
        .containsEntry("statement_timeout", "60000");
    Answer busy = client.patch(path + "/configuration", change);
    refused(busy, 409, "resource_conflict");
    bench.finish(path);
    assertThat(shown(path)).isEqualTo(changed);
    client.patch(path + "/configuration", new JsonObject().put("log_connections", false));
    assertThat(shown(path).getBoolean("log_connections")).isFalse();
    assertThat(shown(path).getString("work_mem")).isEqualTo("8MB");
  }

  @Test
  void changesNothingWhenNothingIsAsked() {
    String path = bench.running(client, "shop");
    JsonObject before = shown(path);
    Answer answer = client.patch(path + "/configuration", new JsonObject());
    assertThat(answer.json().getJsonObject("configuration")).isEqualTo(before);
    assertThat(bench.row(path).operation().running()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_connections | 4         | max_connections must be between 5 and 2000",
        "max_connections | 2001      | max_connections must be between 5 and 2000",
        "max_connections | 91        | max_connections must be at most 90 here",
        "max_connections | \"50\"    | max_connections must be an integer",
        "statement_timeout | 86400001 | statement_timeout must be between 0 and 86400000",
        "idle_in_transaction_session_timeout | -1 | idle_in_transaction_session_timeout must be",
        "shared_buffers  | \"lots\"  | shared_buffers must be an amount such as 64MB",
        "shared_buffers  | \"2GB\"   | shared_buffers must be at most 1024MB here",
        "shared_buffers  | \"1kB\"   | shared_buffers must be at least 128kB",
        "work_mem        | 8         | work_mem must be a string",
        "min_wal_size    | \"16MB\"  | min_wal_size must be at least",
        "max_wal_size    | \"999999999GB\" | max_wal_size must be at most",
        "checkpoint_completion_target | 1.5 | checkpoint_completion_target must be between",
        "log_statement   | \"some\"  | log_statement must be one of none, ddl, mod, all",
        "log_connections | \"yes\"   | log_connections must be a boolean",
        "log_min_duration_statement | -2 | log_min_duration_statement must be between",
        "fsync           | false     | fsync is not allowed",
        "archive_command | \"x\"     | archive_command is not allowed"
      })
  void refusesBadValuesByName(String key, String value, String message) {
    String path = bench.running(client, "shop");
    String body = new JsonObject().put(key, "@@").encode().replace("\"@@\"", value);
    Answer answer =
        client.send("PATCH", path + "/configuration", body, "Content-Type", "application/json");
    refused(answer, 422, "validation_error");
    assertThat(answer.error()).startsWith(message);
    assertThat(fieldsAtFault(answer)).containsExactly(key);
    assertThat(bench.row(path).operation().running()).isFalse();
  }

  @Test
  void namesEveryKeyAtFault() {
    String path = bench.running(client, "shop");
    JsonObject wrong =
        new JsonObject().put("fsync", false).put("max_connections", 1).put("work_mem", "8MB");
    assertThat(fieldsAtFault(client.patch(path + "/configuration", wrong)))
        .containsExactlyInAnyOrder("fsync", "max_connections");
    JsonObject tooMuch = new JsonObject().put("shared_buffers", "9GB").put("max_connections", 1000);
    assertThat(fieldsAtFault(client.patch(path + "/configuration", tooMuch)))
        .containsExactlyInAnyOrder("shared_buffers", "max_connections");
  }

  @Test
  void refusesAStoppedDatabase() {
    String path = bench.running(client, "shop");
    client.post(path + "/stop");
    bench.finish(path);
    Answer answer = client.patch(path + "/configuration", new JsonObject().put("work_mem", "8MB"));
    refused(answer, 409, "resource_conflict");
    assertThat(answer.error()).isEqualTo("cannot configure: the database is stopped");
  }
}

package mooring.api.cloudheed;

import static mooring.api.cloudheed.CloudheedAnswers.fieldsAtFault;
import static mooring.api.cloudheed.CloudheedAnswers.refused;
import static mooring.api.cloudheed.CloudheedBench.DATABASES;
import static mooring.api.cloudheed.CloudheedBench.asked;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.OperationKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What can be done with a database that is there, and when it cannot. */
class CloudheedActionsTest extends CloudheedTestBase {
  @Test
  void stopsStartsAndRestarts() {
    String path = bench.running(client, "shop");
    act(path, "stop", "stopping", "Database is shutting down");
    bench.finish(path);
    assertThat(status(path)).isEqualTo("stopped");
    act(path, "start", "starting", "Database is starting up");
    bench.finish(path);
    assertThat(status(path)).isEqualTo("running");
    act(path, "restart", "restarting", "Database is restarting");
    bench.finish(path);
    assertThat(status(path)).isEqualTo("running");
  }

  private void act(String path, String action, String status, String message) {
    Answer answer = client.post(path + "/" + action);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.header("cache-control")).isEqualTo("private, no-cache");
    String id = path.substring(DATABASES.length() + 1);
    assertThat(answer.json())
        .isEqualTo(new JsonObject().put("id", id).put("status", status).put("message", message));
    assertThat(status(path)).isEqualTo(status);
  }

  private String status(String path) {
    return client.get(path).json().getString("status");
  }

  @Test
  void refusesWhatTheStatusDoesNotAllow() {
    String path = DATABASES + "/" + CloudheedBench.create(client, asked("shop")).getString("id");
    notNow(path, "start", "cannot start: the database is pending");
    notNow(path, "stop", "cannot stop: the database is pending");
    notNow(path, "restart", "cannot restart: the database is pending");
    notNow(path, "reset-password", "cannot reset the password: the database is pending");
    notNow(path, "backups", "cannot back up: the database is pending");
    bench.finish(path);
    notNow(path, "start", "cannot start: the database is running");
    client.post(path + "/stop");
    notNow(path, "stop", "cannot stop: the database is stopping");
    bench.finish(path);
    notNow(path, "stop", "cannot stop: the database is stopped");
    notNow(path, "restart", "cannot restart: the database is stopped");
    notNow(path, "reset-password", "cannot reset the password: the database is stopped");
    client.post(path + "/start");
    notNow(path, "start", "cannot start: the database is starting");
    Answer resize = client.post(path + "/resize", new JsonObject().put("tier", "large"));
    refused(resize, 409, "resource_conflict");
    assertThat(resize.error()).isEqualTo("cannot resize: the database is starting");
    bench.finish(path);
    client.patch(path + "/configuration", new JsonObject().put("work_mem", "8MB"));
    notNow(path, "stop", "cannot stop: the database is running and is being changed");
    client.delete(path);
    notNow(path, "start", "cannot start: the database is deleting");
  }

  private void notNow(String path, String action, String message) {
    Answer answer = client.post(path + "/" + action);
    refused(answer, 409, "resource_conflict");
    assertThat(answer.error()).isEqualTo(message);
  }

  @Test
  void resizesUpAndDownAndNeverShrinksStorage() {
    String path = bench.running(client, "shop");
    Answer up = client.post(path + "/resize", new JsonObject().put("tier", "large"));
    assertThat(up.status()).isEqualTo(200);
    assertThat(up.json())
        .isEqualTo(
            new JsonObject()
                .put("id", path.substring(DATABASES.length() + 1))
                .put("status", "resizing")
                .put("message", "Resources are being adjusted")
                .put("tier", "large"));
    assertThat(status(path)).isEqualTo("resizing");
    bench.finish(path);
    assertThat(client.get(path).json().getString("tier")).isEqualTo("large");
    Instance large = bench.row(path);
    assertThat(large.spec().cpuMilli()).isEqualTo(4000);
    assertThat(large.spec().memoryMib()).isEqualTo(8 * 1024);
    assertThat(large.spec().storageMib()).isEqualTo(80 * 1024);
    assertThat(large.setup().retentionDays()).as("the archive it began with").isEqualTo(14);
    assertThat(large.setup().parameters())
        .containsEntry("max_connections", "160")
        .containsEntry("work_mem", "16MB");

    client.post(path + "/resize", new JsonObject().put("tier", "micro"));
    bench.finish(path);
    assertThat(client.get(path).json().getString("tier")).isEqualTo("micro");
    Instance micro = bench.row(path);
    assertThat(micro.spec().memoryMib()).isEqualTo(1024);
    assertThat(micro.spec().storageMib()).isEqualTo(80 * 1024);
    assertThat(micro.setup().retentionDays()).isEqualTo(14);
    assertThat(micro.setup().parameters()).containsEntry("max_connections", "60");
  }

  @Test
  void resizesAStoppedDatabaseAndOneMadeElsewhere() {
    String path = bench.running(client, "shop");
    client.post(path + "/stop");
    bench.finish(path);
    client.post(path + "/resize", new JsonObject().put("tier", "micro"));
    bench.finish(path);
    assertThat(status(path)).isEqualTo("stopped");

    JsonObject theirs =
        new JsonObject()
            .put("name", "main")
            .put("db_type", "postgresql")
            .put("plan_id", "db-s-2vcpu-4gb")
            .put("region", "nyc1");
    String id = client.post("/api/v1/databases", theirs).json().getString("id").substring(3);
    String foreign = DATABASES + "/db-" + id;
    bench.finish(foreign);
    assertThat(client.post(foreign + "/resize", new JsonObject().put("tier", "medium")).status())
        .isEqualTo(200);
    bench.finish(foreign);
    assertThat(client.get(foreign).json().getString("tier")).isEqualTo("medium");
    assertThat(client.get("/api/v1/databases/db_" + id).json().getString("plan_id"))
        .as("still that size")
        .isEqualTo("db-s-2vcpu-4gb");
  }

  @Test
  void refusesTiersThatAreNoneOrThePresentOne() {
    String path = bench.running(client, "shop");
    for (Object tier : List.of("huge", "small", 7, "custom-2-4096")) {
      Answer answer = client.post(path + "/resize", new JsonObject().put("tier", tier));
      refused(answer, 422, "validation_error");
      assertThat(fieldsAtFault(answer)).containsExactly("tier");
    }
    Answer none = client.post(path + "/resize", new JsonObject());
    assertThat(none.error()).isEqualTo("tier is required");
    refused(client.post(path + "/resize", "nonsense"), 400, "validation_error");
    assertThat(bench.row(path).operation().kind()).isEqualTo(OperationKind.CREATE);
  }

  @Test
  void whatSomebodyChoseStaysOverAResizeAsLongAsItFits() {
    String path = bench.running(client, asked("shop").put("tier", "large"));
    client.patch(
        path + "/configuration",
        new JsonObject()
            .put("shared_buffers", "3GB")
            .put("random_page_cost", 1.1)
            .put("max_connections", 50));
    bench.finish(path);
    client.post(path + "/resize", new JsonObject().put("tier", "small"));
    bench.finish(path);
    JsonObject now = client.get(path + "/configuration").json().getJsonObject("configuration");
    assertThat(now.getString("shared_buffers")).isEqualTo("512MB");
    assertThat(now.getDouble("random_page_cost")).isEqualTo(1.1);
    assertThat(now.getInteger("max_connections")).isEqualTo(50);
    assertThat(now.getString("work_mem")).isEqualTo("4MB");
  }

  @Test
  void resetsThePasswordOnceTheServerHasTakenIt() {
    String path = bench.running(client, "shop");
    CompletableFuture<Answer> asked =
        CompletableFuture.supplyAsync(() -> client.post(path + "/reset-password"));
    Awaitility.await()
        .until(() -> bench.row(path).operation().kind() == OperationKind.RESET_PASSWORD);
    assertThat(status(path)).isEqualTo("running");
    assertThat(asked).isNotDone();
    bench.finish(path);
    Answer answer = asked.join();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    String password = answer.json().getString("password");
    assertThat(password).hasSizeGreaterThan(20);
    String host = path.substring(DATABASES.length() + 1) + ".databases.svc";
    assertThat(answer.json())
        .isEqualTo(
            new JsonObject()
                .put("password", password)
                .put(
                    "connection_string",
                    "postgresql://cloudheed:"
                        + password
                        + "@"
                        + host
                        + ":5432/postgres?sslmode=require"));
  }

  @Test
  void saysWhenAPasswordWasNotTaken() {
    String path = bench.running(client, "shop");
    CompletableFuture<Answer> asked =
        CompletableFuture.supplyAsync(() -> client.post(path + "/reset-password"));
    Awaitility.await()
        .until(() -> bench.row(path).operation().kind() == OperationKind.RESET_PASSWORD);
    bench.fail(path, "not taken in time");
    Answer answer = asked.join();
    refused(answer, 503, "maintenance_mode");
    assertThat(answer.header("retry-after")).isEqualTo("5");
  }
}

package mooring.api.uncloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import mooring.api.ApiFixture;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.Rows;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Operation.Outcome;
import mooring.core.Setup;
import mooring.store.PgStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MySQL, Redis and MongoDB through the API, over a real store; each test has its own tenant. */
class UncloudEnginesTest {
  private static final String DATABASES = "/api/v1/databases";

  private static ApiOnStore server;
  private static PgStore store;
  private static ApiFixture api;
  private UUID tenant;
  private ContractClient client;

  @BeforeAll
  static void start() {
    server = new ApiOnStore();
    store = server.store;
    api = server.api;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void tenant() {
    tenant = server.newTenant();
    client = api.client(server.token(tenant, "dkc_live_"));
  }

  private static JsonObject asked(String engine) {
    return new JsonObject()
        .put("name", "Main Data")
        .put("db_type", engine)
        .put("plan_id", "db-s-2vcpu-4gb")
        .put("region", "nyc1");
  }

  @ParameterizedTest
  @CsvSource({
    "mysql,8.0,3306,app_user,main_data",
    "mysql,8.4,3306,app_user,main_data",
    "redis,7.0,6379,,",
    "redis,7.2,6379,,",
    "mongodb,6.0,27017,app_user,main_data",
    "mongodb,7.0,27017,app_user,main_data"
  })
  void eachEngineAndVersionLivesAWholeLife(
      String engine, String version, int port, String username, String database) {
    JsonObject created = client.post(DATABASES, asked(engine).put("version", version)).json();
    assertThat(created.getString("status")).isEqualTo("provisioning");
    assertThat(created.getString("db_type")).isEqualTo(engine);
    assertThat(created.getString("version")).isEqualTo(version);
    String path = DATABASES + "/" + created.getString("id");
    assertThat(client.get(path).json()).isEqualTo(created);
    assertThat(client.get(DATABASES).array()).isEqualTo(new JsonArray().add(created));

    Answer login = client.get(path + "/credentials");
    assertThat(login.header("cache-control")).isEqualTo("no-store");
    assertThat(login.json()).isEqualTo(expected(engine, created, port, username, database, login));

    finish(path, 3L);
    assertThat(client.get(path).json()).isEqualTo(created.copy().put("status", "running"));
    assertThat(client.delete(path).status()).isEqualTo(204);
    assertThat(client.get(path).json().getString("status")).isEqualTo("running");
    finish(path, null);
    assertThat(client.get(path).status()).isEqualTo(404);
    assertThat(client.get(DATABASES).array()).isEmpty();
  }

  private static JsonObject expected(
      String engine, JsonObject created, int port, String username, String database, Answer login) {
    String host = "db-" + created.getString("id").substring(3) + ".databases.svc";
    String password = login.json().getString("password");
    assertThat(password).hasSizeGreaterThan(20);
    JsonObject json = new JsonObject().put("host", host).put("port", port);
    String who = "";
    String rest = "";
    if (username != null) {
      json.put("username", username).put("database", database);
      who = username;
      rest = "/" + database;
    }
    rest += engine.equals("mongodb") ? "?authSource=admin" : "";
    String uri = engine + "://" + who + ":" + password + "@" + host + ":" + port + rest;
    return json.put("password", password).put("connection_string", uri);
  }

  @ParameterizedTest
  @CsvSource({"postgresql,16", "mysql,8.4", "redis,7.2", "mongodb,7.0"})
  void theNewestVersionIsTheDefault(String engine, String version) {
    JsonObject created = client.post(DATABASES, asked(engine)).json();
    assertThat(created.getString("version")).isEqualTo(version);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql      | 16  | version must be one of 8.0, 8.4",
        "redis      | 8.0 | version must be one of 7.0, 7.2",
        "mongodb    | 7.2 | version must be one of 6.0, 7.0",
        "postgresql | 8.4 | version must be one of 14, 15, 16"
      })
  void refusesTheVersionOfAnotherEngine(String engine, String version, String message) {
    Answer answer = client.post(DATABASES, asked(engine).put("version", version));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo(message);
    assertThat(client.get(DATABASES).array()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"mysql,MySQL", "mongodb,MongoDB"})
  void refusesReplicasThatAnEngineCannotHave(String engine, String title) {
    Answer answer = client.post(DATABASES, asked(engine).put("replicas", 2));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error())
        .isEqualTo("replicas: must be 1: " + title + " runs with a single instance here");
    assertThat(client.get(DATABASES).array()).isEmpty();
  }

  @Test
  void redisCanHaveReplicas() {
    Answer answer = client.post(DATABASES, asked("redis").put("replicas", 3));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().getInteger("replicas")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "redis", "mongodb"})
  void refusesANameThatIsNoDnsLabel(String engine) {
    for (String name : new String[] {"---", "é", "_", "\n"}) {
      Answer answer = client.post(DATABASES, asked(engine).put("name", name));
      assertThat(answer.status()).as(name).isEqualTo(400);
      assertThat(answer.error()).startsWith("name must");
    }
    Answer answer = client.post(DATABASES, asked(engine).put("name", "x".repeat(64)));
    assertThat(answer.error()).isEqualTo("name must be 1 to 63 characters long");
    assertThat(client.get(DATABASES).array()).isEmpty();
  }

  @Test
  void oneNameIsForOneDatabaseWhateverItsEngine() {
    assertThat(client.post(DATABASES, asked("redis")).status()).isEqualTo(201);
    assertThat(client.post(DATABASES, asked("mysql").put("name", "main-data")).status())
        .isEqualTo(409);
    assertThat(client.post(DATABASES, asked("postgresql")).status()).isEqualTo(409);
    assertThat(client.get(DATABASES).array()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "redis", "mongodb"})
  void canBeDeletedWhileProvisioning(String engine) {
    String path = DATABASES + "/" + client.post(DATABASES, asked(engine)).json().getString("id");
    assertThat(client.delete(path).status()).isEqualTo(204);
    assertThat(client.delete(path).status()).isEqualTo(204);
    assertThat(client.get(path).json().getString("status")).isEqualTo("provisioning");
    finish(path, null);
    assertThat(client.get(path).status()).isEqualTo(404);
    assertThat(client.post(DATABASES, asked(engine)).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "redis", "mongodb"})
  void aDatabaseOfAnEngineWithoutBackupsAsksForNone(String engine) {
    String id = client.post(DATABASES, asked(engine)).json().getString("id");
    assertThat(store.instances().find(id.substring(3)).blockingGet().setup()).isEqualTo(Setup.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "redis", "mongodb"})
  void cloudheedKnowsPostgresqlOnly(String engine) {
    String id = client.post(DATABASES, asked(engine)).json().getString("id").substring(3);
    assertThat(client.get("/v1/databases/db-" + id).status()).isEqualTo(404);
    assertThat(client.send("POST", "/v1/databases/db-" + id + "/stop", null).status())
        .isEqualTo(404);
    assertThat(client.get("/v1/databases").json().getJsonArray("databases")).isEmpty();
  }

  /** Ends the running operation of a database as the worker would. */
  private static void finish(String path, Long version) {
    String shortId = path.substring(path.length() - 8);
    Instance instance =
        store.operations().claim("test", Duration.ofMinutes(1), 100).blockingGet().stream()
            .filter(claimed -> claimed.shortId().equals(shortId))
            .findFirst()
            .orElseThrow();
    api.feed.observed(
        version == null ? Observation.absent(instance.id(), 9) : Rows.healthy(instance, version));
    var operation = instance.operation();
    api.feed.publish(
        store
            .operations()
            .end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, version)
            .blockingGet());
  }
}

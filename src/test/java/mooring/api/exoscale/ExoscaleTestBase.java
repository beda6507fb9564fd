package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.ExercisedOperations;
import mooring.core.AccessKey;
import mooring.core.Api;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.NewDatabase;
import mooring.core.Replication;
import mooring.core.Secrets;
import mooring.core.Setup;
import mooring.core.Uniqueness;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the API over a real store, each with a tenant of its own. */
@ExtendWith(ExercisedOperations.class)
abstract class ExoscaleTestBase {
  static final String SERVICES = "/v2/dbaas-service";
  static final String POSTGRES = "/v2/dbaas-postgres/";

  static ApiOnStore server;

  /** Signs nothing. One for all: it takes a while to read the contracts. */
  static ContractClient stranger;

  UUID tenant;
  AccessKey key;
  ContractClient client;

  @BeforeAll
  static void start() {
    server = new ApiOnStore();
    stranger = server.api.client(null);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void tenant() {
    tenant = server.newTenant();
    key = key(tenant);
    client = signed(key);
  }

  /** A key that works here. */
  static AccessKey key(UUID tenant) {
    AccessKey made =
        server
            .store
            .accessKeys()
            .create(tenant, Secrets.accessKey("EXO"), Secrets.token(""))
            .blockingGet();
    Awaitility.await().until(() -> server.api.accessKeys.find(made.name()) != null);
    return made;
  }

  static ContractClient signed(AccessKey key) {
    return stranger.signed(Signing.with(key.name(), key.secret()));
  }

  static ContractClient newTenant() {
    return signed(key(server.newTenant()));
  }

  Instance row(String name) {
    return server.store.instances().find(tenant, name).blockingGet();
  }

  Instance finish(String name) {
    return server.finish(row(name));
  }

  /** Asks for a service and waits for nothing; its operation. */
  String create(String name, JsonObject asked) {
    return pending(client.post(POSTGRES + name, asked));
  }

  /** A service that runs. */
  Instance running(String name) {
    String unused = create(name, new JsonObject().put("plan", "startup-4"));
    return finish(name);
  }

  /** The id of the operation that a change is answered with. */
  static String pending(Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.json().getString("state")).isEqualTo("pending");
    assertThat(answer.json().containsKey("reason")).isFalse();
    return answer.json().getString("id");
  }

  JsonObject operation(String id) {
    Answer answer = client.get("/v2/operation/" + id);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json();
  }

  /** A database that was made through another API. */
  Instance foreign(String name, Engine engine) {
    return foreign(name, engine, Replication.ASYNCHRONOUS);
  }

  /** The same, whose standbys are to follow in some way. */
  Instance foreign(String name, Engine engine, Replication replication) {
    NewDatabase asked =
        new NewDatabase(
            Api.UNCLOUD,
            name,
            new InstanceSpec(
                engine, engine == Engine.POSTGRESQL ? "16" : "7.2", 500, 768, 5120, 1, "nyc1"),
            new NewDatabase.Login("app_user", null),
            Setup.NONE.withReplication(replication),
            Uniqueness.HANDLE,
            Map.of());
    return server
        .api
        .instances
        .create(new Caller(tenant, null, null), asked)
        .blockingGet()
        .instance();
  }

  static List<String> names(Answer answer) {
    return answer.json().getJsonArray("dbaas-services").stream()
        .map(one -> ((JsonObject) one).getString("name"))
        .toList();
  }

  static void refused(Answer answer, int status, String message) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.error()).contains(message);
    assertThat(answer.json().getString("detail")).isEqualTo(answer.error());
  }

  /** Refused for one member of the body. */
  static void invalid(Answer answer, String location, String message) {
    refused(answer, 400, message);
    assertThat(answer.json().getJsonArray("errors")).hasSize(1);
    assertThat(answer.json().getJsonArray("errors").getJsonObject(0).getString("location"))
        .isEqualTo(location);
  }
}

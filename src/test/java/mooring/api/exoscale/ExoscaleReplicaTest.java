package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.OperationKind;
import mooring.core.PostgresParameters;
import mooring.core.ReplicaOf;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services that follow others, and what connects the two. */
class ExoscaleReplicaTest extends ExoscaleTestBase {
  private static final String COPY = POSTGRES + "copy";
  private static final String INTEGRATION = "/v2/dbaas-integration/";

  private Instance source;

  @BeforeEach
  void service() {
    source = running("orders");
  }

  @Test
  void aReadReplicaIsShownWithItsSourceAndHasWhatThatHas() {
    pending(client.post(POSTGRES + "orders/user", new JsonObject().put("username", "reader")));
    finish("orders");
    String operation = create("copy", asked());
    Instance made = row("copy");
    assertThat(made.replicaOf()).contains(ReplicaOf.of(source));
    assertThat(made.spec().version()).isEqualTo(source.spec().version());
    JsonObject making = service("copy");
    assertThat(making.getString("state")).isEqualTo("rebuilding");
    assertThat(only(making).getBoolean("is-active")).isFalse();

    finish("copy");
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    JsonObject copy = service("copy");
    JsonObject expected =
        new JsonObject()
            .put("id", made.id().toString())
            .put("type", "read_replica")
            .put("description", "read replica")
            .put("source", "orders")
            .put("dest", "copy")
            .put("is-enabled", true)
            .put("is-active", true)
            .put("status", "active")
            .put("settings", new JsonObject());
    assertThat(only(copy)).isEqualTo(expected);
    assertThat(only(service("orders"))).isEqualTo(expected);
    assertThat(client.get(INTEGRATION + made.id()).json()).isEqualTo(expected);
    for (Object listed : client.get(SERVICES).json().getJsonArray("dbaas-services")) {
      assertThat(only((JsonObject) listed)).isEqualTo(expected);
    }
    assertThat(copy.getJsonArray("node-states").getJsonObject(0).getString("role"))
        .isEqualTo("read-replica");
    assertThat(copy.getJsonArray("components").getJsonObject(0).getString("usage"))
        .isEqualTo("replica");
    assertThat(copy.getString("uri")).startsWith("postgres://avnadmin@").contains("/defaultdb?");
    assertThat(copy.getJsonArray("users")).isEqualTo(service("orders").getJsonArray("users"));
    assertThat(password("copy", "avnadmin")).isEqualTo(password("orders", "avnadmin"));
    assertThat(password("copy", "reader")).isEqualTo(password("orders", "reader"));

    pending(
        client.post(POSTGRES + "orders/database", new JsonObject().put("database-name", "more")));
    finish("orders");
    Awaitility.await().until(() -> service("copy").getJsonArray("databases").contains("more"));
  }

  @ParameterizedTest
  @CsvSource({
    "version,16,$['version'],must be 18",
    "plan,hobbyist-2,$['plan'],no smaller disk",
    "admin-username,avnadmin,$['admin-username'],read replica",
    "admin-password,a-password-of-mine,$['admin-password'],read replica",
    "fork-from-service,orders,$['fork-from-service'],read replica",
    "recovery-backup-time,2026-01-01T00:00:00Z,$['recovery-backup-time'],read replica",
    "synchronous-replication,quorum,$['synchronous-replication'],must be off"
  })
  void aReadReplicaIsAsItsSource(String member, String value, String location, String message) {
    invalid(client.post(COPY, asked().put(member, value)), location, message);
    refused(client.get(COPY), 404, "service not found");
  }

  @ParameterizedTest
  @CsvSource({
    "type,datasource,$['integrations'][0]['type'],type",
    "type,,$['integrations'][0]['type'],type",
    "source-service,,$['integrations'][0]['source-service'],must name the service",
    "dest-service,other,$['integrations'][0]['dest-service'],must be the new service"
  })
  void anIntegrationIsAReadReplicaOfAService(
      String member, String value, String location, String message) {
    JsonObject integration = integration();
    if (value == null) {
      integration.remove(member);
    } else {
      integration.put(member, value);
    }
    invalid(client.post(COPY, asked(integration)), location, message);
  }

  @Test
  void whatCannotBeFollowedIsRefused() {
    JsonObject settings = new JsonObject().put("some", "thing");
    invalid(
        client.post(COPY, asked(integration().put("settings", settings))),
        "$['integrations'][0]['settings']",
        "must be empty");
    invalid(
        client.post(COPY, asked(integration(), integration())),
        "$['integrations']",
        "must be one at most");
    refused(
        client.post(COPY, asked(integration().put("source-service", "none"))),
        404,
        "service not found");
    refused(newTenant().post(COPY, asked()), 404, "service not found");
    invalid(
        client.put(POSTGRES + "orders", asked()), "$['integrations']", "with a new service only");

    create("starting", new JsonObject().put("plan", "startup-4"));
    refused(
        client.post(COPY, asked(integration().put("source-service", "starting"))),
        409,
        "the service starting must be running to be followed");
    replica("first");
    refused(
        client.post(COPY, asked(integration().put("source-service", "first"))),
        409,
        "the service first is a read replica, and cannot be followed itself");
    refused(client.get(COPY), 404, "service not found");
  }

  @Test
  void whatItHoldsIsChangedAtItsSource() {
    pending(client.post(POSTGRES + "orders/user", new JsonObject().put("username", "reader")));
    finish("orders");
    replica("copy");
    String told = "the service is a read replica: this is done at its source, orders";
    JsonObject none = new JsonObject();
    refused(client.post(COPY + "/user", new JsonObject().put("username", "other")), 409, told);
    refused(client.delete(COPY + "/user/reader"), 409, told);
    refused(client.put(COPY + "/user/reader/password/reset", none), 409, told);
    refused(client.put(COPY + "/user/avnadmin/password/reset", none), 409, told);
    refused(
        client.put(
            COPY + "/user/reader/allow-replication",
            new JsonObject().put("allow-replication", true)),
        409,
        told);
    refused(
        client.post(COPY + "/database", new JsonObject().put("database-name", "more")), 409, told);
    refused(
        client.post(
            COPY + "/connection-pool",
            new JsonObject().put("name", "pool").put("database-name", "defaultdb")),
        409,
        told);
    assertThat(row("copy").operation().kind()).isEqualTo(OperationKind.CREATE);
    pending(client.put(COPY, new JsonObject().put("plan", "startup-8")));
    finish("copy");
    assertThat(service("copy").getString("plan")).isEqualTo("startup-8");
  }

  @Test
  void aServiceThatIsFollowedIsDeletedThroughNoApi() {
    Instance copy = replica("copy");
    ContractClient other = server.api.client(server.token(tenant, "dkc_live_"));
    String told = "followed by the read replicas copy";
    refused(client.delete(POSTGRES + "orders"), 409, told);
    refused(client.delete(SERVICES + "/orders"), 409, told);
    for (String path :
        List.of(
            "/v1/databases/db-" + source.shortId(),
            "/api/v1/databases/db_" + source.shortId(),
            "/databases/postgresql/clusters/" + source.id())) {
      Answer refused = other.delete(path);
      assertThat(refused.status()).as(path).isEqualTo(409);
      assertThat(refused.body().toString()).contains(told);
    }
    assertThat(row("orders").operation().kind()).isEqualTo(OperationKind.CREATE);

    pending(client.delete(COPY));
    refused(client.delete(POSTGRES + "orders"), 409, told);
    finish("copy");
    refused(client.get(INTEGRATION + copy.id()), 404, "integration not found");
    assertThat(service("orders").getJsonArray("integrations")).isEqualTo(new JsonArray());
    pending(client.delete(POSTGRES + "orders"));
  }

  @Test
  void deletingTheIntegrationPromotesTheReplica() {
    pending(client.post(POSTGRES + "orders/user", new JsonObject().put("username", "reader")));
    finish("orders");
    Instance copy = replica("copy");
    String before = password("orders", "avnadmin");
    String reader = password("orders", "reader");

    String operation = pending(client.delete(INTEGRATION + copy.id()));
    assertThat(row("copy").operation().kind()).isEqualTo(OperationKind.PROMOTE);
    JsonObject promoting = client.get(INTEGRATION + copy.id()).json();
    assertThat(promoting.getString("status")).isEqualTo("promoting");
    assertThat(promoting.getBoolean("is-enabled")).isFalse();
    assertThat(only(service("orders"))).isEqualTo(promoting);
    refused(client.delete(INTEGRATION + copy.id()), 409, "another operation is running");
    refused(client.delete(POSTGRES + "orders"), 409, "followed by the read replicas copy");

    finish("copy");
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    refused(client.get(INTEGRATION + copy.id()), 404, "integration not found");
    refused(client.delete(INTEGRATION + copy.id()), 404, "integration not found");
    for (String name : List.of("orders", "copy")) {
      assertThat(service(name).getJsonArray("integrations")).isEqualTo(new JsonArray());
    }
    assertThat(service("copy").getJsonArray("node-states").getJsonObject(0).getString("role"))
        .isEqualTo("master");
    assertThat(password("copy", "avnadmin")).isEqualTo(before);
    assertThat(password("copy", "reader")).isEqualTo(reader);
    assertThat(row("copy").contents().roles().get(0).id())
        .isNotEqualTo(row("orders").contents().roles().get(0).id());

    pending(
        client.put(
            COPY + "/user/reader/password/reset",
            new JsonObject().put("password", "another-password")));
    finish("copy");
    assertThat(password("copy", "reader")).isEqualTo("another-password");
    assertThat(password("orders", "reader")).isEqualTo(reader);
    pending(client.delete(POSTGRES + "orders"));
    finish("orders");
    assertThat(service("copy").getString("state")).isEqualTo("running");
  }

  @Test
  void aFailedPromotionCanBeTriedAgain() {
    Instance copy = replica("copy");
    String operation = pending(client.delete(INTEGRATION + copy.id()));
    server.api.feed.observed(
        new Observation(
            copy.id(),
            row("copy").revision() + 10,
            row("copy").revision() + 10,
            Observation.Condition.FAULTY,
            "it does not come up",
            Observation.Facts.NONE));
    server.fail(row("copy"), "it takes no writes");
    assertThat(operation(operation).getString("state")).isEqualTo("failure");
    assertThat(client.get(INTEGRATION + copy.id()).json().getBoolean("is-active")).isFalse();
    pending(client.delete(INTEGRATION + copy.id()));
    finish("copy");
    refused(client.get(INTEGRATION + copy.id()), 404, "integration not found");
  }

  @Test
  void aPromotionThatHasFailedIsNotOverThoughTheServersAreWell() {
    pending(client.post(POSTGRES + "orders/user", new JsonObject().put("username", "reader")));
    finish("orders");
    Instance copy = replica("copy");
    String failed = pending(client.delete(INTEGRATION + copy.id()));
    server.api.feed.observed(ApiOnStore.healthy(copy, row("copy").revision() + 100));
    server.fail(row("copy"), "the platform was away");
    assertThat(operation(failed).getString("state")).isEqualTo("failure");
    assertThat(service("copy").getString("state")).isEqualTo("running");

    String told = "is being promoted: ask for that again";
    JsonObject user = new JsonObject().put("username", "other");
    refused(client.put(COPY, new JsonObject().put("plan", "startup-8")), 409, told);
    refused(client.delete(COPY + "/user/reader"), 409, told);
    refused(client.post(COPY + "/user", user), 409, told);
    assertThat(client.get(INTEGRATION + copy.id()).json().getString("status"))
        .isEqualTo("promoting");
    String along = "its read replica copy is being promoted";
    refused(client.post(POSTGRES + "orders/user", user), 409, along);
    refused(client.delete(POSTGRES + "orders/user/reader"), 409, along);
    refused(
        client.put(
            POSTGRES + "orders/user/avnadmin/password/reset",
            new JsonObject().put("password", "another-password")),
        409,
        along);
    refused(client.delete(POSTGRES + "orders"), 409, "followed by the read replicas copy");

    pending(client.delete(INTEGRATION + copy.id()));
    finish("copy");
    refused(client.get(INTEGRATION + copy.id()), 404, "integration not found");
    assertThat(password("copy", "reader")).isEqualTo(password("orders", "reader"));
    pending(client.put(COPY, new JsonObject().put("plan", "startup-8")));
    finish("copy");
    refused(client.delete(INTEGRATION + copy.id()), 404, "integration not found");
    pending(client.post(POSTGRES + "orders/user", user));
  }

  @Test
  void aPromotionAndAChangeOfUsersTakeTurns() {
    Instance copy = replica("copy");
    JsonObject user = new JsonObject().put("username", "reader");
    pending(client.post(POSTGRES + "orders/user", user));
    refused(
        client.delete(INTEGRATION + copy.id()),
        409,
        "the users or databases of its source, orders, are being changed");
    finish("orders");
    pending(client.delete(INTEGRATION + copy.id()));
    refused(
        client.delete(POSTGRES + "orders/user/reader"),
        409,
        "its read replica copy is being promoted");
    finish("copy");
    pending(client.delete(POSTGRES + "orders/user/reader"));
    finish("orders");
    assertThat(row("copy").contents().roles()).hasSize(1);
  }

  @Test
  void aReadReplicaHasAsMuchAsItsSourceOfWhatPostgresWants() {
    pending(client.put(POSTGRES + "orders", workers(16)));
    finish("orders");
    replica("copy");
    assertThat(PostgresParameters.of(row("copy"))).containsEntry("max_worker_processes", "16");
    refused(
        client.put(POSTGRES + "orders", workers(24)),
        409,
        "the read replica copy has less max_worker_processes: change it first");
    refused(
        client.put(POSTGRES + "orders", locks(100)),
        409,
        "the read replica copy has less max_locks_per_transaction: change it first");
    pending(client.put(COPY, workers(24)));
    refused(
        client.put(POSTGRES + "orders", workers(24)),
        409,
        "the read replica copy is being changed itself");
    finish("copy");
    pending(client.put(POSTGRES + "orders", workers(24)));
    finish("orders");
    refused(
        client.put(COPY, workers(20)),
        409,
        "a read replica needs as much max_worker_processes as its source, orders");
    pending(client.put(POSTGRES + "orders", workers(8)));
    finish("orders");
    pending(client.put(COPY, workers(20)));
  }

  /** How many a server has that is not set to have any depends on what runs it. */
  @Test
  void aSourceThatIsNotSetIsRaisedAfterItsReplicas() {
    replica("copy");
    String less = "the read replica copy has less max_worker_processes: change it first";
    refused(client.put(POSTGRES + "orders", workers(9)), 409, less);
    refused(client.put(POSTGRES + "orders", workers(20)), 409, less);
    pending(client.put(POSTGRES + "orders", workers(8)));
    finish("orders");
    pending(client.put(COPY, new JsonObject().put("ip-filter", new JsonArray().add("10.0.0.0/8"))));
    finish("copy");
    pending(client.put(COPY, workers(20)));
    finish("copy");
    assertThat(PostgresParameters.of(row("copy"))).containsEntry("max_worker_processes", "32");
    pending(client.put(POSTGRES + "orders", workers(20)));
  }

  private static JsonObject workers(int number) {
    return new JsonObject()
        .put("pg-settings", new JsonObject().put("max_worker_processes", number));
  }

  private static JsonObject locks(int number) {
    return new JsonObject()
        .put("pg-settings", new JsonObject().put("max_locks_per_transaction", number));
  }

  @Test
  void itIsActiveWhileItsSourceServes() {
    Instance copy = replica("copy");
    assertThat(only(service("copy")).getBoolean("is-active")).isTrue();
    Observation healthy = ApiOnStore.healthy(source, row("copy").revision() + 100);
    server.api.feed.observed(
        new Observation(
            source.id(),
            healthy.version(),
            healthy.objectVersion(),
            Observation.Condition.STOPPED,
            null,
            Observation.Facts.NONE));
    JsonObject idle = client.get(INTEGRATION + copy.id()).json();
    assertThat(idle.getBoolean("is-active")).isFalse();
    assertThat(idle.getString("status")).isEqualTo("inactive");
    assertThat(only(service("copy"))).isEqualTo(idle);
    assertThat(only(service("orders"))).isEqualTo(idle);
    for (Object listed : client.get(SERVICES).json().getJsonArray("dbaas-services")) {
      assertThat(only((JsonObject) listed)).isEqualTo(idle);
    }
  }

  @Test
  void aReadReplicaHasRoomForWhatItsSourceHas() {
    replica("copy");
    JsonObject bigger = new JsonObject().put("plan", "startup-8");
    refused(
        client.put(POSTGRES + "orders", bigger),
        409,
        "the disk of the read replica copy is smaller: resize it first");
    pending(client.put(COPY, bigger));
    finish("copy");
    pending(client.put(POSTGRES + "orders", bigger));
  }

  @Test
  void nobodyElseSeesAnIntegration() {
    Instance copy = replica("copy");
    ContractClient other = newTenant();
    for (String id :
        List.of(copy.id().toString(), source.id().toString(), UUID.randomUUID().toString(), "x")) {
      refused(other.get(INTEGRATION + id), 404, "integration not found");
      refused(other.delete(INTEGRATION + id), 404, "integration not found");
    }
    refused(client.get(INTEGRATION + source.id()), 404, "integration not found");
    refused(client.delete(INTEGRATION + source.id()), 404, "integration not found");
    assertThat(stranger.get(INTEGRATION + copy.id()).status()).isEqualTo(401);
  }

  private Instance replica(String name) {
    String unused = create(name, asked());
    return finish(name);
  }

  private static JsonObject asked(JsonObject... integrations) {
    List<JsonObject> all =
        integrations.length == 0 ? List.of(integration()) : List.of(integrations);
    return new JsonObject().put("plan", "startup-4").put("integrations", new JsonArray(all));
  }

  private static JsonObject integration() {
    return new JsonObject(
        new HashMap<>(Map.of("type", "read_replica", "source-service", "orders")));
  }

  private JsonObject service(String name) {
    Answer answer = client.get(POSTGRES + name);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json();
  }

  private String password(String service, String user) {
    Answer answer = client.get(POSTGRES + service + "/user/" + user + "/password/reveal");
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json().getString("password");
  }

  /** The one integration of a service. */
  private static JsonObject only(JsonObject service) {
    assertThat(service.getJsonArray("integrations")).hasSize(1);
    return service.getJsonArray("integrations").getJsonObject(0);
  }
}

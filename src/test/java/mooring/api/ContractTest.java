package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contracts are sound, and say what the published documentation says. */
class ContractTest {
  private static final String UNCLOUD = "uncloud";
  private static final String CLOUDHEED = "cloudheed";
  private static final String IONOS = "ionos";
  private static final String EXOSCALE = "exoscale";

  /** Those for a status, and those that published clients parse strictly. */
  private static final Map<String, List<String>> CLOSED_WORDS =
      Map.of(
          UNCLOUD,
          List.of("status"),
          CLOUDHEED,
          List.of("status"),
          IONOS,
          List.of(
              "type", "state", "storageType", "synchronizationMode", "poolMode", "dayOfTheWeek"),
          EXOSCALE,
          List.of(
              "state",
              "reason",
              "component",
              "route",
              "usage",
              "role",
              "dow",
              "synchronous-replication"));

  private static Vertx vertx;
  private static final Map<String, OpenAPIContract> CONTRACTS = new HashMap<>();

  @BeforeAll
  static void load() {
    vertx = Vertx.vertx();
    for (String name : List.of(UNCLOUD, CLOUDHEED, IONOS, EXOSCALE)) {
      OpenAPIContract contract = ApiFixture.await(Contract.load(vertx, name)).model();
      CONTRACTS.put(name, contract);
    }
  }

  @AfterAll
  static void close() {
    ApiFixture.await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({"uncloud,/api/v1", "cloudheed,/v1", "ionos,/databases/postgresql", "exoscale,/v2"})
  void isOpenApi31AndSelfContained(String name, String path) {
    OpenAPIContract contract = CONTRACTS.get(name);
    assertThat(contract.getVersion()).isEqualTo(OpenAPIVersion.V3_1);
    assertThat(contract.getServers()).hasSize(1);
    assertThat(contract.getServers().get(0).getURL()).isEqualTo("http://localhost:8080" + path);
    assertThat(ApiFixture.await(Contract.load(vertx, name)).text()).doesNotContain(".yaml#");
  }

  @Test
  void hasTheDocumentedOperations() {
    assertThat(CONTRACTS.get(UNCLOUD).operations())
        .extracting(op -> op.getHttpMethod() + " " + op.getAbsoluteOpenAPIPath())
        .containsExactlyInAnyOrder(
            "GET /api/v1/databases",
            "POST /api/v1/databases",
            "GET /api/v1/databases/{id}",
            "DELETE /api/v1/databases/{id}",
            "GET /api/v1/databases/{id}/credentials",
            "GET /api/v1/api-tokens",
            "POST /api/v1/api-tokens",
            "DELETE /api/v1/api-tokens/{id}");
    assertThat(CONTRACTS.get(CLOUDHEED).operations())
        .extracting(op -> op.getHttpMethod() + " " + op.getAbsoluteOpenAPIPath())
        .contains(
            "GET /v1/databases",
            "POST /v1/databases",
            "GET /v1/databases/{id}",
            "PATCH /v1/databases/{id}",
            "DELETE /v1/databases/{id}",
            "POST /v1/databases/{id}/start",
            "POST /v1/databases/{id}/stop",
            "POST /v1/databases/{id}/restart",
            "POST /v1/databases/{id}/resize",
            "POST /v1/databases/{id}/reset-password",
            "GET /v1/databases/{id}/backups",
            "POST /v1/databases/{id}/backups",
            "DELETE /v1/databases/{id}/backups/{backup_id}",
            "POST /v1/databases/{id}/backups/{backup_id}/restore",
            "POST /v1/databases/{id}/pitr",
            "GET /v1/databases/{id}/pitr/window",
            "GET /v1/databases/{id}/pitr/{pitr_id}",
            "GET /v1/databases/{id}/configuration",
            "PATCH /v1/databases/{id}/configuration");
    assertThat(CONTRACTS.get(IONOS).operations())
        .extracting(op -> op.getHttpMethod() + " " + op.getOpenAPIPath())
        .containsExactlyInAnyOrder(
            "GET /clusters",
            "POST /clusters",
            "GET /clusters/{clusterId}",
            "PATCH /clusters/{clusterId}",
            "DELETE /clusters/{clusterId}",
            "GET /clusters/postgresversions",
            "GET /clusters/{clusterId}/versions",
            "GET /clusters/{clusterId}/postgresversions",
            "GET /clusters/backups",
            "GET /clusters/backups/{backupId}",
            "GET /clusters/{clusterId}/backups",
            "POST /clusters/{clusterId}/restore",
            "GET /clusters/{clusterId}/logs",
            "GET /clusters/{clusterId}/users",
            "POST /clusters/{clusterId}/users",
            "GET /clusters/{clusterId}/users/{username}",
            "PATCH /clusters/{clusterId}/users/{username}",
            "DELETE /clusters/{clusterId}/users/{username}",
            "GET /clusters/{clusterId}/databases",
            "POST /clusters/{clusterId}/databases",
            "GET /clusters/{clusterId}/databases/{databasename}",
            "DELETE /clusters/{clusterId}/databases/{databasename}",
            "GET /versions",
            "GET /infos/version",
            "GET /infos/versions");
    assertThat(CONTRACTS.get(EXOSCALE).operations())
        .extracting(Operation::getOperationId)
        .containsExactlyInAnyOrder(
            "create-dbaas-service-pg",
            "get-dbaas-service-pg",
            "update-dbaas-service-pg",
            "delete-dbaas-service-pg",
            "start-dbaas-pg-maintenance",
            "create-dbaas-pg-connection-pool",
            "update-dbaas-pg-connection-pool",
            "delete-dbaas-pg-connection-pool",
            "create-dbaas-pg-database",
            "delete-dbaas-pg-database",
            "create-dbaas-postgres-user",
            "delete-dbaas-postgres-user",
            "reset-dbaas-postgres-user-password",
            "reveal-dbaas-postgres-user-password",
            "update-dbaas-postgres-allow-replication",
            "get-dbaas-settings-pg",
            "get-operation",
            "list-zones",
            "list-dbaas-services",
            "delete-dbaas-service",
            "list-dbaas-service-types",
            "get-dbaas-service-type",
            "get-dbaas-ca-certificate",
            "get-dbaas-service-logs",
            "get-dbaas-service-metrics",
            "create-dbaas-pg-upgrade-check",
            "get-dbaas-task",
            "stop-dbaas-pg-migration",
            "get-dbaas-migration-status",
            "get-dbaas-integration",
            "delete-dbaas-integration",
            "list-dbaas-integration-types",
            "list-dbaas-integration-settings",
            "list-dbaas-external-integrations");
  }

  @ParameterizedTest
  @ValueSource(strings = {UNCLOUD, CLOUDHEED, IONOS, EXOSCALE})
  void everyOperationIsCompletelyDescribed(String name) {
    for (Operation operation : CONTRACTS.get(name).operations()) {
      String id = operation.getOperationId();
      JsonObject model = operation.getOpenAPIModel();
      assertThat(id).matches("[a-z][A-Za-z]+(-[a-z]+)*");
      assertThat(model.getString("summary")).as(id).isNotBlank();
      assertThat(operation.getTags()).as(id).hasSize(1);
      String scope = model.getString("x-required-scope");
      assertThat(scope).as(id).matches("none|[a-z]+:(read|write)");
      // Who logs in has no token yet, and who looks for a server no key.
      boolean open = List.of("login", "refreshLogin", "list-zones").contains(id);
      assertThat(operation.getSecurityRequirements().isEmpty()).as(id).isEqualTo(open);
      List<Integer> statuses = new ArrayList<>(List.of(500, 503));
      if (!id.equals("list-zones")) {
        statuses.add(401);
      }
      if (!scope.equals("none")) {
        statuses.add(403);
      }
      if (operation.getRequestBody() != null) {
        statuses.addAll(List.of(400, 413, 415));
      }
      if (operation.getOpenAPIPath().contains("{")) {
        statuses.add(404);
      }
      for (int status : statuses) {
        assertThat(operation.getResponse(status)).as("%s: %s", id, status).isNotNull();
      }
      for (Response response : responses(operation).values()) {
        assertThat(response.getOpenAPIModel().getString("description")).as(id).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "uncloud,error",
    "cloudheed,error meta",
    "ionos,httpStatus messages",
    "exoscale,message title detail errors"
  })
  void everyErrorHasTheOneShape(String name, String fields) {
    List<String> shape = List.of(fields.split(" "));
    for (Operation operation : CONTRACTS.get(name).operations()) {
      for (Response response : responses(operation).tailMap(400).values()) {
        JsonObject schema =
            response.getContent().get("application/json").getOpenAPIModel().getJsonObject("schema");
        assertThat(schema.getJsonArray("required")).isEqualTo(new JsonArray(shape));
        assertThat(published(schema.getJsonObject("properties")).fieldNames())
            .containsExactlyElementsOf(shape);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {UNCLOUD, CLOUDHEED, IONOS, EXOSCALE})
  void everyBodyHasAnExampleThatItsSchemaAccepts(String name) {
    OpenAPIContract contract = CONTRACTS.get(name);
    int seen = 0;
    for (Operation operation : contract.operations()) {
      if (operation.getRequestBody() != null) {
        seen += examples(contract, operation, operation.getRequestBody().getContent());
      }
      for (Response response : responses(operation).values()) {
        seen += examples(contract, operation, response.getContent());
      }
    }
    assertThat(seen).isGreaterThan(40);
  }

  private static int examples(
      OpenAPIContract contract, Operation operation, Map<String, MediaType> content) {
    int seen = 0;
    for (MediaType media : content.values()) {
      List<Object> examples = new ArrayList<>();
      JsonObject model = media.getOpenAPIModel();
      JsonObject named = published(model.getJsonObject("examples", new JsonObject()));
      named.forEach(entry -> examples.add(((JsonObject) entry.getValue()).getValue("value")));
      if (model.containsKey("example")) {
        examples.add(model.getValue("example"));
      }
      assertThat(examples).as(operation.getOperationId()).isNotEmpty();
      JsonSchema schema = media.getSchema();
      for (Object example : examples) {
        var result = contract.getSchemaRepository().validator(schema).validate(published(example));
        assertThat(result.getValid())
            .as("%s: %s", operation.getOperationId(), result.getErrors())
            .isTrue();
        seen++;
      }
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {UNCLOUD, CLOUDHEED, IONOS, EXOSCALE})
  void responsesAreClosedOnlyInTheWordsForStatus(String name) {
    for (Operation operation : CONTRACTS.get(name).operations()) {
      for (Response response : responses(operation).values()) {
        for (MediaType media : response.getContent().values()) {
          assertThat(closedWords("", media.getOpenAPIModel().getJsonObject("schema")))
              .isSubsetOf(CLOSED_WORDS.get(name));
        }
      }
    }
  }

  private static List<String> closedWords(String name, JsonObject schema) {
    List<String> closed = new ArrayList<>();
    if (schema.containsKey("enum")) {
      closed.add(name);
    }
    JsonObject properties = published(schema.getJsonObject("properties", new JsonObject()));
    properties.forEach(
        entry -> closed.addAll(closedWords(entry.getKey(), (JsonObject) entry.getValue())));
    if (schema.containsKey("items")) {
      closed.addAll(closedWords(name, schema.getJsonObject("items")));
    }
    return closed;
  }

  private static SortedMap<Integer, Response> responses(Operation operation) {
    SortedMap<Integer, Response> responses = new TreeMap<>();
    for (int status = 100; status < 600; status++) {
      Response response = operation.getResponse(status);
      if (response != null) {
        responses.put(status, response);
      }
    }
    return responses;
  }

  /** The loader leaves notes of its own in the objects; this is without them. */
  private static Object published(Object value) {
    return value instanceof JsonObject object ? published(object) : value;
  }

  private static JsonObject published(JsonObject object) {
    JsonObject clean = new JsonObject();
    object.stream()
        .filter(JsonSchema.EXCLUDE_ANNOTATION_ENTRIES)
        .forEach(entry -> clean.put(entry.getKey(), published(entry.getValue())));
    return clean;
  }
}

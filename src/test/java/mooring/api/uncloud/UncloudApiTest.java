package mooring.api.uncloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import mooring.api.ApiFixture;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.ExercisedOperations;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.Observation.Condition;
import mooring.core.Operation.Outcome;
import mooring.core.StoredSecret;
import mooring.status.TokenDirectory;
import mooring.store.PgStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole API over a real store, each test with a tenant of its own. */
@ExtendWith(ExercisedOperations.class)
class UncloudApiTest {
  private static final String DATABASES = "/api/v1/databases";
  private static final String TOKENS = "/api/v1/api-tokens";

  private static ApiOnStore server;
  private static PgStore store;
  private static ApiFixture api;
  private String secret;
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
    secret = tokenOfNewTenant();
    client = api.client(secret);
  }

  private static String tokenOfNewTenant() {
    return server.token(server.newTenant(), "dkc_live_");
  }

  private static JsonObject published() {
    return new JsonObject()
        .put("name", "main-postgres")
        .put("db_type", "postgresql")
        .put("version", "16")
        .put("plan_id", "db-s-2vcpu-4gb")
        .put("region", "nyc1")
        .put("storage_gb", 50)
        .put("replicas", 1);
  }

  @Test
  void createsThePublishedExample() {
    Answer created = client.post(DATABASES, published());
    assertThat(created.status()).isEqualTo(201);
    JsonObject json = created.json();
    assertThat(json.getString("id")).matches("db_[0-9a-f]{8}");
    assertThat(json.getString("status")).isEqualTo("provisioning");
    assertThat(json.getString("slug")).isEqualTo("main-postgres");
    assertThat(json.getString("created_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    String path = DATABASES + "/" + json.getString("id");
    assertThat(created.header("location")).isEqualTo(path);
    Answer poll = client.get(path);
    assertThat(poll.body()).isEqualTo(created.body());
    assertThat(client.get(DATABASES).array()).isEqualTo(new JsonArray().add(json));
  }

  @Test
  void fillsInTheDocumentedDefaults() {
    JsonObject body = published();
    List.of("version", "storage_gb", "replicas").forEach(body::remove);
    JsonObject json = client.post(DATABASES, body.put("not_described", true)).json();
    assertThat(json.getString("version")).isEqualTo("16");
    assertThat(json.getInteger("storage_gb")).isEqualTo(10);
    assertThat(json.getInteger("replicas")).isEqualTo(1);
    assertThat(json.containsKey("not_described")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name       | null              | name must be a string",
        "name       | 7                 | name must be a string",
        "name       | \"\"              | name must be 1 to 63 characters long",
        "name       | \"---\"           | name must contain a letter or a digit",
        "db_type    | \"oracle\"        | db_type must be one of postgresql, mysql, redis, mongodb",
        "db_type    | true              | db_type must be a string",
        "version    | \"13\"            | version must be one of 14, 15, 16",
        "version    | 16                | version must be a string",
        "plan_id    | \"small\"         | plan_id must have the form",
        "plan_id    | \"db-s-65vcpu-4gb\" | plan_id must have the form",
        "plan_id    | \"db-s-0vcpu-4gb\"  | plan_id must have the form",
        "plan_id    | \"db-s-2vcpu-513gb\" | plan_id must have the form",
        "region     | \"mars\"          | region must be one of nyc1",
        "storage_gb | 0                 | storage_gb must be between 1 and 65536",
        "storage_gb | 65537             | storage_gb must be between 1 and 65536",
        "storage_gb | 1e400             | storage_gb must be",
        "storage_gb | 99999999999999999999 | storage_gb must be between 1 and 65536",
        "storage_gb | 1.5               | storage_gb must be an integer",
        "storage_gb | \"10\"            | storage_gb must be an integer",
        "replicas   | 0                 | replicas must be between 1 and 5",
        "replicas   | 6                 | replicas must be between 1 and 5",
        "replicas   | []                | replicas must be an integer"
      })
  void refusesBadValuesByName(String field, String value, String message) {
    String body = published().put(field, "@@").encode().replace("\"@@\"", value);
    Answer answer = client.post(DATABASES, body);
    assertThat(answer.status()).as(body).isEqualTo(400);
    assertThat(answer.error()).startsWith(message);
    assertThat(client.get(DATABASES).array()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x07, 0x85, 0xAD, 0x200B, 0x2028, 0x2029, 0x202E, 0xE000, 0xFDD0, 0xFEFF, 0x1FFFE, 0xE0041
      })
  void refusesNamesThatAreNotPrintable(int character) {
    String name = "a" + Character.toString(character) + "b";
    Answer answer = client.post(DATABASES, published().put("name", name));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("name must have printable characters only");
    Answer token = client.post(TOKENS, new JsonObject().put("name", name));
    assertThat(token.status()).isEqualTo(400);
    assertThat(token.error()).isEqualTo("name must have printable characters only");
  }

  @Test
  void takesAnyPrintableName() {
    String name = "x".repeat(40) + " Gr\u00F6\u00DFe \u6570\u636E: \"a\"\u00A0\u0301\u200D\u0378";
    String longest = name + "\uD83D\uDE00".repeat(63 - name.length());
    Answer created = client.post(DATABASES, published().put("name", longest));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().getString("name")).isEqualTo(longest);
    Answer tooLong = client.post(DATABASES, published().put("name", longest + "x"));
    assertThat(tooLong.error()).isEqualTo("name must be 1 to 63 characters long");
  }

  @Test
  void refusesMissingFieldsByName() {
    for (String field : List.of("name", "db_type", "plan_id", "region")) {
      JsonObject body = published();
      body.remove(field);
      Answer answer = client.post(DATABASES, body);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.error()).isEqualTo(field + " is required");
    }
  }

  @Test
  void refusesWhatIsNoJsonObject() {
    assertThat(client.post(DATABASES, "{\"name\":").error())
        .isEqualTo("the request body is not valid JSON");
    assertThat(client.post(DATABASES, "").error()).isEqualTo("a request body is required");
    for (String body : List.of("[]", "null", "7", "\"x\"", "{} {}", "\u0000")) {
      assertThat(client.post(DATABASES, body).status()).as(body).isEqualTo(400);
    }
  }

  @Test
  void refusesOtherMediaTypesAndLargeBodies() {
    String body = published().encode();
    for (String type : List.of("text/plain", "application/xml", "application/jsonx")) {
      Answer answer = client.send("POST", DATABASES, body, "Content-Type", type);
      assertThat(answer.status()).as(type).isEqualTo(415);
    }
    assertThat(client.send("POST", DATABASES, body).status()).isEqualTo(415);
    Answer zipped =
        client.send(
            "POST",
            DATABASES,
            body,
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip");
    assertThat(zipped.status()).isEqualTo(415);
    Answer large = client.post(DATABASES, published().put("x", "x".repeat(65 * 1024)));
    assertThat(large.status()).isEqualTo(413);
    Answer charset =
        client.send("POST", DATABASES, body, "Content-Type", "Application/JSON; charset=utf-8");
    assertThat(charset.status()).isEqualTo(201);
  }

  @Test
  void refusesATakenName() {
    assertThat(client.post(DATABASES, published()).status()).isEqualTo(201);
    Answer again = client.post(DATABASES, published().put("name", "Main Postgres"));
    assertThat(again.status()).isEqualTo(409);
    assertThat(api.client(tokenOfNewTenant()).post(DATABASES, published()).status())
        .as("names are a tenant's own")
        .isEqualTo(201);
  }

  @Test
  void ofTwoCreatesAtOnceOneWins() {
    List<CompletableFuture<Integer>> racing =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> client.post(DATABASES, published()).status()))
            .limit(4)
            .toList();
    assertThat(racing.stream().map(CompletableFuture::join)).containsOnlyOnce(201).contains(409);
    assertThat(client.get(DATABASES).array()).hasSize(1);
  }

  @Test
  void tellsCredentialsFromTheStart() {
    JsonObject created = client.post(DATABASES, published()).json();
    String id = created.getString("id");
    Answer answer = client.get(DATABASES + "/" + id + "/credentials");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("etag")).isNull();
    JsonObject json = answer.json();
    String host = "db-" + id.substring(3) + ".databases.svc";
    String password = json.getString("password");
    assertThat(password).hasSizeGreaterThan(20);
    assertThat(json)
        .isEqualTo(
            new JsonObject()
                .put("host", host)
                .put("port", 5432)
                .put("username", "app_user")
                .put("password", password)
                .put("database", "main_postgres")
                .put("ssl_mode", "require")
                .put(
                    "connection_string",
                    "postgresql://app_user:"
                        + password
                        + "@"
                        + host
                        + ":5432/main_postgres?sslmode=require"));
    assertThat(client.get(DATABASES + "/" + id).body().toString()).doesNotContain(password);
  }

  @Test
  void deletesAndKeepsShowingTheLastWordUntilDone() {
    String path = DATABASES + "/" + client.post(DATABASES, published()).json().getString("id");
    assertThat(client.delete(path).status()).isEqualTo(204);
    assertThat(client.delete(path).status()).as("again while it runs").isEqualTo(204);
    assertThat(client.get(path).json().getString("status")).isEqualTo("provisioning");
    assertThat(client.post(DATABASES, published()).status()).as("still taken").isEqualTo(409);
    finish(path, null);
    assertThat(client.get(path).status()).isEqualTo(404);
    assertThat(client.delete(path).status()).isEqualTo(404);
    assertThat(client.get(path + "/credentials").status()).isEqualTo(404);
    assertThat(client.get(DATABASES).array()).isEmpty();
    assertThat(client.post(DATABASES, published()).status()).as("free again").isEqualTo(201);
  }

  @Test
  void showsRunningWhenTheFactsAgree() {
    JsonObject created = client.post(DATABASES, published()).json();
    String path = DATABASES + "/" + created.getString("id");
    finish(path, 3L);
    assertThat(client.get(path).json()).isEqualTo(created.copy().put("status", "running"));
  }

  /** Ends the running operation of a database as the worker would. */
  private void finish(String path, Long version) {
    String shortId = path.substring(path.length() - 8);
    var instance =
        store.operations().claim("test", Duration.ofMinutes(1), 100).blockingGet().stream()
            .filter(claimed -> claimed.shortId().equals(shortId))
            .findFirst()
            .orElseThrow();
    if (version != null) {
      api.feed.observed(healthy(instance, version));
    } else {
      api.feed.observed(Observation.absent(instance.id(), 9));
    }
    var operation = instance.operation();
    api.feed.publish(
        store
            .operations()
            .end(operation.id(), operation.attempt(), Outcome.SUCCEEDED, null, version)
            .blockingGet());
  }

  private static Observation healthy(Instance instance, long version) {
    var spec = instance.spec();
    return new Observation(
        instance.id(),
        version,
        version,
        Condition.HEALTHY,
        null,
        new Observation.Facts(
            spec.version(),
            spec.instances(),
            spec.instances(),
            spec.cpuMilli(),
            spec.memoryMib(),
            spec.storageMib(),
            true,
            instance.address(),
            0));
  }

  @Test
  void anotherTenantsDatabaseIsNotFoundEverywhere() {
    String path = DATABASES + "/" + client.post(DATABASES, published()).json().getString("id");
    ContractClient other = api.client(tokenOfNewTenant());
    for (String method : List.of("GET", "DELETE")) {
      Answer foreign = other.send(method, path, null);
      Answer none = other.send(method, DATABASES + "/db_ffffffff", null);
      assertThat(foreign.status()).as(method).isEqualTo(404);
      assertThat(foreign.body()).isEqualTo(none.body());
    }
    assertThat(other.get(path + "/credentials").status()).isEqualTo(404);
    assertThat(other.get(DATABASES).array()).isEmpty();
    assertThat(client.get(path).status()).isEqualTo(200);
  }

  @Test
  void findsADatabaseThatAnotherReplicaMade() {
    // The row is written past this server; its id is looked up once.
    String path = DATABASES + "/" + client.post(DATABASES, published()).json().getString("id");
    try (ApiFixture replica = new ApiFixture(api.vertx, store)) {
      replica.feed.loaded(List.of(), List.of());
      replica.feed.synced(1);
      ContractClient there = replica.client(copyToken(replica));
      assertThat(there.get(path).status()).isEqualTo(200);
    }
  }

  private String copyToken(ApiFixture replica) {
    String copied = "dkc_live_copied_" + UUID.randomUUID();
    Caller caller = api.directory.authenticate(secret);
    replica.feed.publish(
        store
            .tokens()
            .create(
                caller.tenant(),
                "copied",
                new StoredSecret(TokenDirectory.hash(copied), ""),
                null,
                null,
                null)
            .blockingGet());
    return copied;
  }

  @Test
  void managesTokens() {
    JsonObject asked =
        new JsonObject().put("name", "ci").put("scopes", new JsonArray().add("databases:read"));
    Answer created = client.post(TOKENS, asked);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("cache-control")).isEqualTo("no-store");
    String issued = created.json().getString("token");
    String id = created.json().getString("id");
    assertThat(issued).startsWith("dkc_live_");
    assertThat(id).matches("tok_[0-9a-f]{8}");

    Answer list = client.get(TOKENS);
    assertThat(list.body().toString()).doesNotContain(issued);
    JsonObject listed = list.array().getJsonObject(0);
    assertThat(listed.getString("id")).isEqualTo(id);
    assertThat(listed.getJsonArray("scopes")).containsExactly("databases:read");
    assertThat(listed.getValue("last_used_at")).isNull();

    ContractClient ci = client.as(issued);
    assertThat(ci.get(DATABASES).status()).isEqualTo(200);
    assertThat(ci.post(DATABASES, published()).status()).isEqualTo(403);
    assertThat(ci.post(TOKENS, asked).status()).isEqualTo(403);

    assertThat(api.client(tokenOfNewTenant()).delete(TOKENS + "/" + id).status()).isEqualTo(404);
    assertThat(client.delete(TOKENS + "/" + id).status()).isEqualTo(204);
    assertThat(ci.get(DATABASES).status()).isEqualTo(401);
    assertThat(client.delete(TOKENS + "/" + id).status()).isEqualTo(404);
    assertThat(client.delete(TOKENS + "/none").status()).isEqualTo(404);
  }

  @Test
  void tellsWhenATokenOfAnotherApiExpires() {
    Instant expiry = Instant.parse("2024-01-15T10:30:00Z");
    Caller caller = api.directory.authenticate(secret);
    api.tokens.create(caller, "ch_live_", "old", null, expiry).ignoreElement().blockingAwait();
    JsonArray listed = client.get(TOKENS).array();
    assertThat(listed.getJsonObject(0).getString("name")).isEqualTo("old");
    assertThat(listed.getJsonObject(0).getString("expires_at")).isEqualTo("2024-01-15T10:30:00Z");
    assertThat(listed.getJsonObject(1).containsKey("expires_at")).isFalse();
  }

  @Test
  void nobodyGrantsAScopeTheyLack() {
    JsonObject admin =
        new JsonObject()
            .put("name", "admin")
            .put("scopes", new JsonArray().add("admin:write").add("databases:read"));
    ContractClient limited = client.as(client.post(TOKENS, admin).json().getString("token"));
    JsonObject all = new JsonObject().put("name", "all");
    assertThat(limited.post(TOKENS, all).status()).isEqualTo(403);
    assertThat(limited.post(TOKENS, all.copy().put("scopes", new JsonArray())).status())
        .isEqualTo(403);
    JsonArray more = new JsonArray().add("databases:write");
    assertThat(limited.post(TOKENS, all.copy().put("scopes", more)).status()).isEqualTo(403);
    assertThat(limited.post(TOKENS, admin).status()).isEqualTo(201);
    ContractClient full = client.as(client.post(TOKENS, all).json().getString("token"));
    assertThat(full.post(TOKENS, all).status()).isEqualTo(201);
  }

  @Test
  void refusesUnknownScopesByName() {
    JsonArray scopes = new JsonArray().add("databases:read").add("databases:admin");
    Answer answer = client.post(TOKENS, new JsonObject().put("name", "x").put("scopes", scopes));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).startsWith("scopes[1] must be one of databases:read,");
    Answer typed = client.post(TOKENS, new JsonObject().put("name", "x").put("scopes", "all"));
    assertThat(typed.error()).isEqualTo("scopes must be an array");
  }

  @Test
  void listsInTheOrderOfCreationNewestFirst() {
    for (String name : List.of("a", "b", "c")) {
      client.post(DATABASES, published().put("name", name));
    }
    assertThat(client.get(DATABASES).array())
        .extracting(item -> ((JsonObject) item).getString("name"))
        .containsExactly("c", "b", "a");
  }
}

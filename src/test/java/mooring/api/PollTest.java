package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.Operation.Outcome;
import mooring.core.OperationKind;
import mooring.core.Token;
import mooring.status.Freshness;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Polls are answered from memory: in these tests there is no store at all. */
class PollTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final UUID OTHER = UUID.randomUUID();
  private static Vertx vertx;

  private final Instance old =
      Rows.instance(
          TENANT,
          "0000000a",
          "old",
          1,
          Rows.CREATED.minusSeconds(60),
          null,
          OperationKind.CREATE,
          Outcome.SUCCEEDED);
  private final Instance young = Rows.instance(TENANT, "0000000b", "main-postgres");
  private final Instance foreign = Rows.instance(OTHER, "0000000c", "theirs");
  private final Instance gone =
      Rows.instance(
          TENANT,
          "0000000d",
          "gone",
          1,
          Rows.CREATED,
          Rows.CREATED,
          OperationKind.DELETE,
          Outcome.SUCCEEDED);
  private ApiFixture api;
  private ContractClient client;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() {
    ApiFixture.await(vertx.close());
  }

  @BeforeEach
  void start() {
    api = ApiFixture.withoutStore(vertx);
    client = api.client("all");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private void load() {
    List<Token> tokens =
        List.of(
            Rows.token(TENANT, "all", null, null),
            Rows.token(TENANT, "reader", Set.of("databases:read"), null),
            Rows.token(TENANT, "expired", null, Instant.now().minusSeconds(1)),
            Rows.token(OTHER, "other", null, null),
            Rows.token(UUID.randomUUID(), "empty", null, null));
    api.feed.loaded(List.of(old, young, foreign, gone), tokens);
    api.feed.synced(1);
  }

  private void finishCreate() {
    api.feed.observed(Rows.healthy(young, 7));
    api.feed.publish(
        Rows.instance(
            TENANT,
            young.shortId(),
            young.name(),
            2,
            young.createdAt(),
            null,
            OperationKind.CREATE,
            Outcome.SUCCEEDED));
  }

  @Test
  void showsADatabaseWithEveryDocumentedField() {
    load();
    Answer answer = client.get("/api/v1/databases/db_0000000b");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().toString())
        .isEqualTo(
            """
            {"id":"db_0000000b","project_id":"proj_default","name":"main-postgres",\
            "slug":"main-postgres","db_type":"postgresql","version":"16",\
            "plan_id":"db-s-2vcpu-4gb","status":"provisioning","region":"nyc1",\
            "storage_gb":50,"replicas":1,"created_at":"2024-01-15T10:30:00Z"}""");
    assertThat(answer.header("cache-control")).isEqualTo("private, no-cache");
    assertThat(answer.header("age")).isNull();
  }

  @Test
  void answersUnchangedPollsWithoutABody() {
    load();
    Answer first = client.get("/api/v1/databases/db_0000000b");
    String tag = first.header("etag");
    assertThat(tag).matches("\"[^\"]+\"");
    for (String condition : List.of(tag, "W/" + tag, "*", "\"x\", " + tag, "\"x\" ,W/" + tag)) {
      Answer again = client.get("/api/v1/databases/db_0000000b", "If-None-Match", condition);
      assertThat(again.status()).as(condition).isEqualTo(304);
      assertThat(again.body().length()).isZero();
      assertThat(again.header("etag")).isEqualTo(tag);
      assertThat(again.header("cache-control")).isEqualTo("private, no-cache");
    }
    for (String condition : List.of("\"x\"", tag.substring(1), "\"x" + tag, "")) {
      Answer again = client.get("/api/v1/databases/db_0000000b", "If-None-Match", condition);
      assertThat(again.status()).as(condition).isEqualTo(200);
    }
    finishCreate();
    Answer changed = client.get("/api/v1/databases/db_0000000b", "If-None-Match", tag);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.header("etag")).isNotEqualTo(tag);
    assertThat(changed.json().getString("status")).isEqualTo("running");
  }

  @Test
  void listsNewestFirstAndOnlyTheTenantsOwn() {
    load();
    Answer list = client.get("/api/v1/databases");
    assertThat(list.status()).isEqualTo(200);
    assertThat(list.array())
        .extracting(item -> ((JsonObject) item).getString("id"))
        .containsExactly("db_0000000b", "db_0000000a");
    assertThat(list.array().getJsonObject(0))
        .isEqualTo(client.get("/api/v1/databases/db_0000000b").json());
    String tag = list.header("etag");
    assertThat(client.get("/api/v1/databases", "If-None-Match", tag).status()).isEqualTo(304);
    finishCreate();
    assertThat(client.get("/api/v1/databases", "If-None-Match", tag).status()).isEqualTo(200);
    assertThat(client.as("empty").get("/api/v1/databases").body().toString()).isEqualTo("[]");
  }

  @Test
  void headIsGetWithoutTheBody() {
    load();
    Answer get = client.get("/api/v1/databases/db_0000000a");
    Answer head = client.send("HEAD", "/api/v1/databases/db_0000000a", null);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("etag")).isEqualTo(get.header("etag"));
    assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
    assertThat(head.body().length()).isZero();
  }

  @Test
  void refusesStrangers() {
    load();
    for (String token : new String[] {null, "unknown", "expired", ""}) {
      Answer answer = client.as(token).get("/api/v1/databases");
      assertThat(answer.status()).as("token %s", token).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    }
    String[] basic = {"Authorization", "Basic YWxsOmFsbA=="};
    assertThat(client.as(null).get("/api/v1/databases", basic).status()).isEqualTo(401);
    // Whoever is not let in learns nothing of what is wrong with the rest.
    assertThat(client.as(null).post("/api/v1/databases", "{").status()).isEqualTo(401);
  }

  @Test
  void holdsTokensToTheirScopes() {
    load();
    ContractClient reader = client.as("reader");
    assertThat(reader.get("/api/v1/databases/db_0000000a").status()).isEqualTo(200);
    Answer delete = reader.delete("/api/v1/databases/db_0000000a");
    assertThat(delete.status()).isEqualTo(403);
    assertThat(delete.error()).isEqualTo("the token lacks the scope databases:write");
    assertThat(reader.post("/api/v1/databases", "{").status()).isEqualTo(403);
    assertThat(reader.get("/api/v1/api-tokens").status()).isEqualTo(403);
  }

  @Test
  void nothingTellsAnothersDatabaseFromOneThatDoesNotExist() {
    load();
    for (String path : List.of("", "/credentials")) {
      Answer theirs = client.get("/api/v1/databases/db_0000000c" + path);
      Answer nobodys = client.get("/api/v1/databases/db_000000ff" + path);
      assertThat(theirs.status()).as("without the store").isEqualTo(503);
      assertThat(nobodys.status()).isEqualTo(503);
      assertThat(theirs.error()).isEqualTo(nobodys.error());
    }
    assertThat(client.delete("/api/v1/databases/db_0000000c").status()).isEqualTo(503);
  }

  @Test
  void deletedAndMalformedIdsAreNotFoundFromMemory() {
    load();
    for (String id :
        List.of(
            "db_0000000d",
            "db_0000000A",
            "db-0000000a",
            "0000000a",
            "db_0000000a0",
            "db_%00",
            "%64b_0000000g",
            "db_0000000a%2F",
            "a+b",
            "%F0%9F%92%A9")) {
      for (String path : List.of("", "/credentials")) {
        Answer answer = client.get("/api/v1/databases/" + id + path);
        assertThat(answer.status()).as(id + path).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("database not found");
      }
      Answer answer = client.delete("/api/v1/databases/" + id);
      assertThat(answer.status()).as(id).isEqualTo(404);
    }
  }

  @Test
  void neverGuessesNotFoundWithoutTheStore() {
    load();
    Answer answer = client.get("/api/v1/databases/db_ffffffff");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("2");
  }

  @Test
  void writesAreUnavailableWithoutTheStore() {
    load();
    Answer answer = client.delete("/api/v1/databases/db_0000000a");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("2");
  }

  @Test
  void isUnavailableUntilEverythingIsLoaded() {
    Answer answer = client.get("/api/v1/databases");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("1");
    load();
    assertThat(client.get("/api/v1/databases").status()).isEqualTo(200);
  }

  @Test
  void tellsTheAgeOfAStaleView() {
    load();
    api.silence = Duration.ofSeconds(110);
    Answer answer = client.get("/api/v1/databases/db_0000000a");
    assertThat(Integer.parseInt(answer.header("age"))).isBetween(100, 110);
  }

  @Test
  void tellsWhyADatabaseFailed() {
    load();
    Instance failed =
        Rows.instance(
            TENANT,
            "0000000e",
            "failed",
            2,
            Rows.CREATED,
            null,
            OperationKind.CREATE,
            Outcome.FAILED);
    api.feed.publish(failed);
    JsonObject json = client.get("/api/v1/databases/db_0000000e").json();
    assertThat(json.getString("status")).isEqualTo("error");
    assertThat(json.getString("status_reason")).isEqualTo("not ready in 15 minutes");
  }

  @Test
  void countsRequestsByOperationAndStatus() {
    load();
    client.get("/api/v1/databases/db_0000000a");
    client.as("unknown").get("/api/v1/databases/db_0000000a");
    // Each is counted after its answer has gone out.
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(api.meters.scrape())
                    .contains(
                        "mooring_http_requests_seconds_count{api=\"uncloud\",operation=\"getDatabase\",status=\"200\"} 1")
                    .contains(
                        "mooring_http_requests_seconds_count{api=\"uncloud\",operation=\"getDatabase\",status=\"401\"} 1")
                    .contains("mooring_status_age_seconds"));
  }

  @Test
  void answersAsTheLongWayWould() {
    load();
    ApiServer longWay = longWay();
    ContractClient slow = ContractClient.of(vertx, ApiFixture.await(longWay.start()), "all");
    try {
      for (String id :
          List.of(
              "db_0000000b",
              "db_0000000b?any=thing",
              "db_0000000b?any=%25",
              "db_0000000b/",
              "DB_0000000B",
              "db_0000000c",
              "db_x",
              "db-x",
              "db.x",
              "a+b",
              "%64b_0000000b",
              "db_%2525")) {
        for (String[] headers :
            List.of(new String[0], new String[] {"If-None-Match", "\"x\", W/\"y\""})) {
          Answer fast = client.get("/api/v1/databases/" + id, headers);
          Answer checked = slow.get("/api/v1/databases/" + id, headers);
          assertThat(fast.status()).as(id).isEqualTo(checked.status());
          assertThat(fast.body()).as(id).isEqualTo(checked.body());
        }
      }
      assertThat(slow.get("/api/v1/databases?x=50%25").body())
          .isEqualTo(client.get("/api/v1/databases?x=50%25").body());
    } finally {
      ApiFixture.await(longWay.stop());
    }
  }

  @Test
  void answersWithoutTheRouterAsWithIt() {
    load();
    String tag = client.get("/api/v1/databases/db_0000000b").header("etag");
    for (String method : List.of("GET", "HEAD", "PUT")) {
      for (String[] headers : List.of(new String[0], new String[] {"If-None-Match", tag})) {
        Answer direct = client.send(method, "/api/v1/databases/db_0000000b", null, headers);
        Answer routed = client.send(method, "/api/v1/databases/%64b_0000000b", null, headers);
        assertThat(direct.status()).as(method).isEqualTo(routed.status());
        assertThat(undated(direct)).as(method).isEqualTo(undated(routed));
        assertThat(direct.body()).as(method).isEqualTo(routed.body());
      }
    }
  }

  /** An answer's header fields but for the second in which it was given. */
  private static Map<String, String> undated(Answer answer) {
    assertThat(answer.headers()).containsKey("date");
    Map<String, String> fields = new HashMap<>(answer.headers());
    fields.remove("date");
    return fields;
  }

  /** The same API with its polls served as commands are, by way of the contract's checks. */
  private ApiServer longWay() {
    Map<String, Command> commands = new HashMap<>(api.uncloud.commands());
    api.uncloud
        .polls()
        .forEach(
            (id, poll) ->
                commands.put(
                    id,
                    call ->
                        Single.fromCallable(
                                () -> poll.read(call.caller(), call.id(), Parameters.NONE))
                            .onErrorResumeNext(
                                error ->
                                    error instanceof NullPointerException
                                        ? poll.lookUp(call.caller(), call.id(), Parameters.NONE)
                                            .andThen(
                                                Single.fromCallable(
                                                    () ->
                                                        poll.read(
                                                            call.caller(),
                                                            call.id(),
                                                            Parameters.NONE)))
                                        : Single.error(error))
                            .map(encoded -> Reply.ok(encoded.body()))));
    PublishedApi slow =
        new PublishedApi(
            "uncloud", api.uncloud.authenticator(), api.uncloud.errors(), Map.of(), commands);
    return new ApiServer(
        vertx,
        new Contracts(vertx),
        new HttpSettings("127.0.0.1", 0, 1, Duration.ofSeconds(1)),
        List.of(slow),
        api.feed::ready,
        new Freshness(System::nanoTime, Duration.ofSeconds(90)),
        new SimpleMeterRegistry());
  }
}

package mooring.api.cloudheed;

import static mooring.api.cloudheed.CloudheedBench.DATABASES;
import static mooring.api.cloudheed.CloudheedBench.asked;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mooring.api.ApiFixture;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases made, read, listed, renamed and deleted, each test with a tenant of its own. */
class CloudheedApiTest extends CloudheedTestBase {
  @Test
  void createsADatabaseAndTellsThePasswordOnce() {
    Answer created = client.post(DATABASES, asked("shop").put("version", "16"));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("cache-control")).isEqualTo("no-store");
    JsonObject json = created.json();
    String id = json.getString("id");
    assertThat(id).matches("db-[0-9a-f]{8}");
    assertThat(created.header("location")).isEqualTo(DATABASES + "/" + id);
    String password = json.getString("password");
    String host = id + ".databases.svc";
    assertThat(password).hasSizeGreaterThan(20);
    assertThat(List.copyOf(json.fieldNames()))
        .containsExactly(
            "id",
            "name",
            "type",
            "region",
            "tier",
            "version",
            "status",
            "host",
            "port",
            "database",
            "username",
            "password",
            "connection_string",
            "created_at",
            "updated_at");
    assertThat(json.getMap())
        .containsEntry("name", "shop")
        .containsEntry("type", "postgres")
        .containsEntry("region", "fsn1")
        .containsEntry("tier", "small")
        .containsEntry("version", "16")
        .containsEntry("status", "pending")
        .containsEntry("host", host)
        .containsEntry("port", 5432)
        .containsEntry("database", "postgres")
        .containsEntry("username", "cloudheed")
        .containsEntry(
            "connection_string",
            "postgresql://cloudheed:" + password + "@" + host + ":5432/postgres?sslmode=require");

    Answer poll = client.get(DATABASES + "/" + id);
    assertThat(poll.status()).isEqualTo(200);
    assertThat(poll.header("cache-control")).isEqualTo("private, no-cache");
    assertThat(poll.body().toString()).doesNotContain(password);
    JsonObject shown = json.copy();
    shown.remove("password");
    shown.put(
        "connection_string",
        "postgresql://cloudheed:****@" + host + ":5432/postgres?sslmode=require");
    assertThat(poll.json()).isEqualTo(shown);
    String tag = poll.header("etag");
    assertThat(client.get(DATABASES + "/" + id, "If-None-Match", tag).status()).isEqualTo(304);
  }

  @Test
  void asksForWhatTheTierHas() {
    Instance row =
        bench.row(DATABASES + "/" + CloudheedBench.create(client, asked("shop")).getString("id"));
    assertThat(row.spec().cpuMilli()).isEqualTo(2000);
    assertThat(row.spec().memoryMib()).isEqualTo(2048);
    assertThat(row.spec().storageMib()).isEqualTo(20 * 1024);
    assertThat(row.spec().instances()).isEqualTo(1);
    assertThat(row.setup().retentionDays()).isEqualTo(14);
    assertThat(row.setup().parameters()).containsEntry("max_connections", "90");
    assertThat(row.attributes()).isEqualTo(Map.of("tier", "small"));
  }

  @ParameterizedTest
  @CsvSource({
    "free,250,256,500,1", "micro,2000,1024,10240,7", "medium,2000,4096,40960,14",
    "large,4000,8192,81920,30", "xl,4000,16384,163840,30", "2xl,8000,32768,250880,30",
    "4xl,16000,65536,376832,30", "8xl,32000,131072,614400,30"
  })
  void knowsEveryTier(String tier, int cpu, int memory, int storage, int days) {
    JsonObject made = CloudheedBench.create(client, asked("shop").put("tier", tier));
    assertThat(made.getString("tier")).isEqualTo(tier);
    Instance row = bench.row(made.getString("id"));
    assertThat(row.spec().cpuMilli()).isEqualTo(cpu);
    assertThat(row.spec().memoryMib()).isEqualTo(memory);
    assertThat(row.spec().storageMib()).isEqualTo(storage);
    assertThat(row.setup().retentionDays()).isEqualTo(days);
  }

  @Test
  void fillsInTheVersion() {
    assertThat(CloudheedBench.create(client, asked("shop")).getString("version"))
        .as("the documented default")
        .isEqualTo("17");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name    | null         | name must be a string",
        "name    | \"ab\"       | name must be 3 to 63 characters long",
        "name    | \"Shop\"     | name must start with a letter",
        "name    | \"1shop\"    | name must start with a letter",
        "name    | \"sh--op\"   | name must start with a letter",
        "name    | \"shop-\"    | name must start with a letter",
        "name    | \"sh_op\"    | name must start with a letter",
        "tier    | \"huge\"     | tier must be one of free, micro, small,",
        "tier    | 7            | tier must be a string",
        "region  | \"mars\"     | region must be one of fsn1",
        "version | \"15\"       | version must be one of 14, 16, 17, 18",
        "version | \"19\"       | version must be one of 14, 16, 17, 18",
        "version | 16           | version must be a string"
      })
  void refusesBadValuesByName(String field, String value, String message) {
    String body = asked("shop").put(field, "@@").encode().replace("\"@@\"", value);
    Answer answer = client.post(DATABASES, body);
    refused(answer, 422, "validation_error");
    assertThat(answer.error()).startsWith(message);
    assertThat(fieldsAtFault(answer)).containsExactly(field);
    assertThat(client.get(DATABASES).json().getJsonArray("databases")).isEmpty();
  }

  @Test
  void namesEveryFieldAtFault() {
    assertThat(fieldsAtFault(client.post(DATABASES, new JsonObject())))
        .containsExactlyInAnyOrder("name", "region", "tier");
    assertThat(fieldsAtFault(client.post(DATABASES, asked("X").put("tier", "huge"))))
        .containsExactlyInAnyOrder("name", "tier");
    JsonObject both = asked("shop").put("region", "mars").put("version", "9");
    assertThat(fieldsAtFault(client.post(DATABASES, both))).containsExactly("region", "version");
  }

  @Test
  void refusesWhatIsNoJsonObject() {
    for (String body : List.of("{\"name\":", "", "[]", "7", "\"x\"", "{} {}")) {
      Answer answer = client.post(DATABASES, body);
      refused(answer, 400, "validation_error");
      assertThat(answer.json().getJsonObject("error").containsKey("details")).isFalse();
    }
  }

  @Test
  void refusesOtherMediaTypesMethodsPathsAndLargeBodies() {
    String body = asked("shop").encode();
    refused(client.send("POST", DATABASES, body), 415, "unsupported_media_type");
    refused(
        client.send("POST", DATABASES, body, "Content-Type", "text/plain"),
        415,
        "unsupported_media_type");
    JsonObject large = asked("shop").put("x", "x".repeat(65 * 1024));
    refused(client.post(DATABASES, large), 413, "payload_too_large");
    Answer method = client.send("PUT", DATABASES, null);
    refused(method, 405, "method_not_allowed");
    assertThat(method.header("allow")).isEqualTo("GET, HEAD, POST");
    refused(client.get("/v1/droplets"), 404, "resource_not_found");
  }

  @Test
  void refusesStrangersAndNarrowTokens() {
    Answer stranger = client.as(null).get(DATABASES);
    refused(stranger, 401, "invalid_token");
    assertThat(stranger.header("www-authenticate")).isEqualTo("Bearer");
    refused(client.as("ch_live_unknown").get(DATABASES), 401, "invalid_token");

    String secret = bench.tokenOfNewTenant();
    Caller caller = bench.api.directory.authenticate(secret);
    String narrow =
        bench
            .api
            .tokens
            .create(caller, "ch_live_", "ci", Set.of("databases:read"), null)
            .blockingGet()
            .secret();
    ContractClient reader = client.as(narrow);
    String path =
        DATABASES + "/" + CloudheedBench.create(client.as(secret), asked("shop")).getString("id");
    assertThat(reader.get(DATABASES).status()).isEqualTo(200);
    assertThat(reader.get(path).status()).isEqualTo(200);
    assertThat(reader.get(path + "/configuration").status()).isEqualTo(200);
    refused(reader.post(DATABASES, asked("x-y")), 403, "insufficient_permissions");
    refused(reader.delete(path), 403, "insufficient_permissions");
    refused(reader.post(path + "/stop"), 403, "insufficient_permissions");
    refused(reader.get(path + "/backups"), 403, "insufficient_permissions");
    refused(reader.post(path + "/backups"), 403, "insufficient_permissions");
  }

  @Test
  void saysThatAPartIsUnavailable() {
    try (ApiFixture api = ApiFixture.withoutStore(bench.api.vertx)) {
      refused(api.client("x").get(DATABASES), 503, "maintenance_mode");
      assertThat(api.client("x").get(DATABASES).header("retry-after")).isEqualTo("1");
    }
  }

  @Test
  void refusesATakenName() {
    CloudheedBench.create(client, asked("shop"));
    refused(client.post(DATABASES, asked("shop")), 409, "resource_conflict");
    assertThat(bench.newTenant().post(DATABASES, asked("shop")).status())
        .as("names are a tenant's own")
        .isEqualTo(201);
  }

  @Test
  void renames() {
    JsonObject made = CloudheedBench.create(client, asked("shop"));
    String path = DATABASES + "/" + made.getString("id");
    CloudheedBench.create(client, asked("other"));
    Answer renamed = client.patch(path, new JsonObject().put("name", "store"));
    assertThat(renamed.status()).isEqualTo(200);
    assertThat(renamed.json().getString("name")).isEqualTo("store");
    assertThat(renamed.json().getString("id")).isEqualTo(made.getString("id"));
    assertThat(renamed.json().getString("host")).isEqualTo(made.getString("host"));
    assertThat(client.get(path).json()).isEqualTo(renamed.json());
    refused(client.patch(path, new JsonObject().put("name", "other")), 409, "resource_conflict");
    assertThat(client.patch(path, new JsonObject().put("name", "store")).status()).isEqualTo(200);
    assertThat(client.patch(path, new JsonObject()).json()).isEqualTo(renamed.json());
    refused(client.patch(path, new JsonObject().put("name", "S")), 422, "validation_error");
  }

  @Test
  void deletes() {
    String path = bench.running(client, "shop");
    assertThat(client.delete(path).status()).isEqualTo(204);
    assertThat(client.get(path).json().getString("status")).isEqualTo("deleting");
    Answer again = client.delete(path);
    refused(again, 409, "resource_conflict");
    assertThat(again.error()).isEqualTo("cannot delete: the database is deleting");
    bench.finish(path);
    refused(client.get(path), 404, "resource_not_found");
    refused(client.delete(path), 404, "resource_not_found");
    assertThat(client.get(DATABASES).json().getJsonArray("databases")).isEmpty();
  }

  @Test
  void showsWhyItFailed() {
    JsonObject made = CloudheedBench.create(client, asked("shop"));
    assertThat(made.containsKey("status_reason")).isFalse();
    String path = DATABASES + "/" + made.getString("id");
    bench.fail(path, "no room");
    JsonObject failed = client.get(path).json();
    assertThat(failed.getString("status")).isEqualTo("failed");
    assertThat(failed.getString("status_reason")).isEqualTo("no room");
  }

  @Test
  void listsPageByPage() {
    for (String name : List.of("one", "two", "three", "four", "five")) {
      CloudheedBench.create(client, asked(name));
    }
    assertThat(names(client.get(DATABASES))).containsExactly("five", "four", "three", "two", "one");
    assertThat(meta(client.get(DATABASES))).isEqualTo(meta(1, 20, 5, 1));
    Answer first = client.get(DATABASES + "?per_page=2");
    assertThat(names(first)).containsExactly("five", "four");
    assertThat(meta(first)).isEqualTo(meta(1, 2, 5, 3));
    Answer last = client.get(DATABASES + "?per_page=2&page=3");
    assertThat(names(last)).containsExactly("one");
    Answer beyond = client.get(DATABASES + "?per_page=2&page=4");
    assertThat(names(beyond)).isEmpty();
    assertThat(meta(beyond)).isEqualTo(meta(4, 2, 5, 3));
    assertThat(client.get(DATABASES + "?page=1000000&per_page=100").status()).isEqualTo(200);
    assertThat(meta(bench.newTenant().get(DATABASES))).isEqualTo(meta(1, 20, 0, 0));
    String tag = last.header("etag");
    assertThat(client.get(DATABASES + "?per_page=2&page=3", "If-None-Match", tag).status())
        .isEqualTo(304);
    assertThat(client.get(DATABASES + "?per_page=2&page=2", "If-None-Match", tag).status())
        .isEqualTo(200);
  }

  @Test
  void listsWhatIsAskedFor() {
    bench.running(client, "runs");
    CloudheedBench.create(client, asked("waits"));
    assertThat(names(client.get(DATABASES + "?status=running"))).containsExactly("runs");
    Answer waiting = client.get(DATABASES + "?status=pending&region=fsn1");
    assertThat(names(waiting)).containsExactly("waits");
    assertThat(meta(waiting)).isEqualTo(meta(1, 20, 1, 1));
    assertThat(names(client.get(DATABASES + "?region=ash"))).isEmpty();
    assertThat(names(client.get(DATABASES + "?status=unheard-of"))).isEmpty();
  }

  @Test
  void refusesPagesThatAreNone() {
    for (String wrong :
        List.of(
            "page=0",
            "page=-1",
            "page=x",
            "page=",
            "page=1.5",
            "page=99999999999",
            "page=1&page=2",
            "per_page=0",
            "per_page=101")) {
      Answer answer = client.get(DATABASES + "?" + wrong);
      refused(answer, 422, "validation_error");
      assertThat(fieldsAtFault(answer)).containsExactly(wrong.split("=", 2)[0]);
    }
    Answer both = client.get(DATABASES + "?page=0&per_page=0");
    assertThat(fieldsAtFault(both)).containsExactlyInAnyOrder("page", "per_page");
  }

  @Test
  void anotherTenantsDatabaseIsNotFoundEverywhere() {
    String path = bench.running(client, "shop");
    ContractClient other = bench.newTenant();
    for (String at : List.of(path, DATABASES + "/db-ffffffff", DATABASES + "/x")) {
      JsonObject any = new JsonObject();
      for (Answer answer :
          List.of(
              other.get(at),
              other.delete(at),
              other.patch(at, any.copy().put("name", "mine")),
              other.post(at + "/start"),
              other.post(at + "/stop"),
              other.post(at + "/restart"),
              other.post(at + "/resize", any.copy().put("tier", "large")),
              other.post(at + "/reset-password"),
              other.get(at + "/backups"),
              other.post(at + "/backups"),
              other.delete(at + "/backups/backup-00000000"),
              other.post(at + "/backups/backup-00000000/restore"),
              other.post(at + "/pitr", any.copy().put("target_time", "2026-03-17T09:30:00Z")),
              other.get(at + "/pitr/window"),
              other.get(at + "/pitr/pitr-00000000"),
              other.get(at + "/configuration"),
              other.patch(at + "/configuration", any))) {
        refused(answer, 404, "resource_not_found");
        assertThat(answer.error()).isEqualTo("database not found");
      }
    }
    assertThat(other.get(DATABASES).json().getJsonArray("databases")).isEmpty();
    assertThat(client.get(path).status()).isEqualTo(200);
  }

  @Test
  void unusualIdsAreNotFound() {
    for (String id : List.of("db-%22", "db-%7B%7D", "%20", "true", "123", "db-0000000G")) {
      refused(client.get(DATABASES + "/" + id), 404, "resource_not_found");
      refused(client.post(DATABASES + "/" + id + "/start"), 404, "resource_not_found");
      JsonObject size = new JsonObject().put("tier", "large");
      refused(client.post(DATABASES + "/" + id + "/resize", size), 404, "resource_not_found");
    }
  }

  @Test
  void whatOneApiMadeTheOtherShows() {
    JsonObject theirs =
        client
            .post(
                "/api/v1/databases",
                new JsonObject()
                    .put("name", "Main Postgres")
                    .put("db_type", "postgresql")
                    .put("version", "15")
                    .put("plan_id", "db-s-2vcpu-4gb")
                    .put("region", "nyc1"))
            .json();
    String shortId = theirs.getString("id").substring(3);
    JsonObject here = client.get(DATABASES + "/db-" + shortId).json();
    assertThat(here.getMap())
        .containsEntry("name", "Main Postgres")
        .containsEntry("tier", "custom-2-4096")
        .containsEntry("version", "15")
        .containsEntry("region", "fsn1")
        .containsEntry("username", "app_user")
        .containsEntry("database", "main_postgres");
    assertThat(names(client.get(DATABASES))).containsExactly("Main Postgres");

    String ours = CloudheedBench.create(client, asked("shop")).getString("id").substring(3);
    JsonObject there = client.get("/api/v1/databases/db_" + ours).json();
    assertThat(there.getMap())
        .containsEntry("name", "shop")
        .containsEntry("plan_id", "custom-2-2048")
        .containsEntry("db_type", "postgresql")
        .containsEntry("region", "nyc1");
    JsonObject login = client.get("/api/v1/databases/db_" + ours + "/credentials").json();
    assertThat(login.getString("username")).isEqualTo("cloudheed");
  }

  @Test
  void knowsNothingOfOtherEngines() {
    String path = bench.running(client, "shop");
    Instance row = bench.row(path);
    InstanceSpec now = row.spec();
    InstanceSpec redis =
        new InstanceSpec(
            Engine.REDIS,
            "7.2",
            now.cpuMilli(),
            now.memoryMib(),
            now.storageMib(),
            now.instances(),
            now.place());
    Instance other = row.wanted(redis, row.desired(), row.setup(), row.attributes());
    bench.api.feed.publish(Samples.revised(other, row.revision() + 1_000));
    String there = "/api/v1/databases/db_" + row.shortId();
    assertThat(client.get(there).json().getString("db_type")).isEqualTo("redis");
    refused(client.get(path), 404, "resource_not_found");
    refused(client.delete(path), 404, "resource_not_found");
    refused(client.post(path + "/stop"), 404, "resource_not_found");
    refused(client.get(path + "/configuration"), 404, "resource_not_found");
    refused(client.get(path + "/pitr/window"), 404, "resource_not_found");
    assertThat(names(client.get(DATABASES))).isEmpty();
  }

  private static void refused(Answer answer, int status, String code) {
    CloudheedAnswers.refused(answer, status, code);
  }

  private static List<String> fieldsAtFault(Answer answer) {
    return CloudheedAnswers.fieldsAtFault(answer);
  }

  private static List<String> names(Answer answer) {
    JsonArray databases = answer.json().getJsonArray("databases");
    return databases.stream().map(one -> ((JsonObject) one).getString("name")).toList();
  }

  private static JsonObject meta(Answer answer) {
    return answer.json().getJsonObject("meta");
  }

  private static JsonObject meta(int page, int perPage, int total, int pages) {
    return new JsonObject()
        .put("page", page)
        .put("per_page", perPage)
        .put("total", total)
        .put("total_pages", pages);
  }
}

package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mooring.api.ApiFixture;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Credentials;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.InstanceSpec;
import mooring.core.PoolMode;
import mooring.core.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters made, read, listed and deleted. */
class IonosClustersTest extends IonosTestBase {
  @Test
  void createsAClusterAndNeverTellsThePassword() {
    Answer created = client.post(CLUSTERS, asked("Shop"));
    assertThat(created.status()).isEqualTo(200);
    assertThat(state(created)).isEqualTo("BUSY");
    JsonObject json = created.json();
    assertThat(json.getString("type")).isEqualTo("cluster");
    JsonObject properties = json.getJsonObject("properties");
    JsonObject sent = asked("Shop").getJsonObject("properties");
    sent.remove("credentials");
    sent.forEach(
        entry -> assertThat(properties.getValue(entry.getKey())).isEqualTo(entry.getValue()));
    assertThat(properties.getJsonObject("connectionPooler"))
        .isEqualTo(new JsonObject().put("enabled", false).put("poolMode", "transaction"));
    assertThat(properties.containsKey("backupLocation")).isFalse();
    assertThat(created.body().toString()).doesNotContain("Long-Enough-1", "owner");

    String path = CLUSTERS + "/" + json.getString("id");
    assertThat(client.get(path).json()).isEqualTo(json);
    Instance row = row(path);
    assertThat(properties.getString("dnsName")).isEqualTo(row.address().host());
    assertThat(row.spec())
        .isEqualTo(new InstanceSpec(Engine.POSTGRESQL, "16", 2000, 4096, 20480, 1, "nyc1"));
    assertThat(row.setup().retentionDays()).isEqualTo(7);
    Credentials credentials = server.store.instances().credentials(row).blockingGet();
    assertThat(credentials).isEqualTo(new Credentials("owner", "Long-Enough-1", "postgres"));

    finish(path);
    Answer poll = client.get(path);
    assertThat(state(poll)).isEqualTo("AVAILABLE");
    String tag = poll.header("etag");
    assertThat(client.get(path, "If-None-Match", tag).status()).isEqualTo(304);
  }

  @Test
  void keepsWhatMayBeLeftOut() {
    JsonObject asked = asked("shop");
    JsonObject window = new JsonObject().put("time", "16:30:59").put("dayOfTheWeek", "Tuesday");
    asked
        .getJsonObject("properties")
        .put("backupLocation", "eu-south-2")
        .put("maintenanceWindow", window)
        .put("connectionPooler", new JsonObject().put("enabled", false).put("poolMode", "session"))
        .put("synchronizationMode", "STRICTLY_SYNCHRONOUS")
        .put("storageType", "HDD")
        .put("unheardOf", 1);
    JsonObject shown = properties(client.get(create(client, asked.put("metadata", asked.copy()))));
    assertThat(shown.getString("backupLocation")).isEqualTo("eu-south-2");
    assertThat(shown.getJsonObject("maintenanceWindow")).isEqualTo(window);
    assertThat(shown.getJsonObject("connectionPooler").getString("poolMode")).isEqualTo("session");
    assertThat(shown.getString("synchronizationMode")).isEqualTo("STRICTLY_SYNCHRONOUS");
    assertThat(shown.getString("storageType")).isEqualTo("HDD");
  }

  @Test
  void aClusterWithAPoolerIsAvailableWhenThatRuns() {
    JsonObject asked = asked("pooled");
    asked
        .getJsonObject("properties")
        .put("connectionPooler", new JsonObject().put("enabled", true).put("poolMode", "session"));
    String path = create(client, asked);
    assertThat(row(path).setup().pooler()).isEqualTo(PoolMode.SESSION);
    Instance ended = finish(path);
    assertThat(properties(client.get(path)).getJsonObject("connectionPooler"))
        .isEqualTo(asked.getJsonObject("properties").getJsonObject("connectionPooler"));
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    Instance without =
        ended.wanted(
            ended.spec(), ended.desired(), ended.setup().withPooler(null), ended.attributes());
    server.api.feed.observed(ApiOnStore.healthy(without, ended.revision() + 1_000));
    assertThat(state(client.get(path))).isEqualTo("DEGRADED");
  }

  @Test
  void aConnectionAndAMaintenanceWindowNeedNotBeAskedFor() {
    JsonObject none = asked("none");
    none.getJsonObject("properties").remove("connections");
    JsonObject empty = asked("empty");
    empty
        .getJsonObject("properties")
        .put("connections", new JsonArray())
        .putNull("maintenanceWindow")
        .putNull("fromBackup")
        .put("connectionPooler", new JsonObject().putNull("enabled").putNull("poolMode"));
    for (JsonObject asked : List.of(none, empty)) {
      String path = create(client, asked);
      JsonObject shown = properties(client.get(path));
      assertThat(shown.getJsonArray("connections")).isEmpty();
      assertThat(shown.getJsonObject("maintenanceWindow").getString("time")).matches("0\\d:00:00");
      assertThat(client.get(path).json().getJsonObject("properties")).isEqualTo(shown);
    }
  }

  @Test
  void namesNeedNotBeUnique() {
    Instance first = row(create(client, asked("Shop")));
    Instance second = row(create(client, asked("Shop")));
    assertThat(first.handle()).isEqualTo("shop");
    assertThat(second.handle()).isEqualTo("shop-" + second.shortId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "postgresVersion     | \"13\"    | must be one of 14, 15, 16, 17, 18",
        "postgresVersion     | 16        | must be a string",
        "instances           | 0         | must be between 1 and 5",
        "instances           | 6         | must be between 1 and 5",
        "cores               | 0         | must be between 1 and 1024",
        "cores               | 1.5       | must be an integer",
        "cores               | 99999999999 | must be between 1 and 1024",
        "ram                 | 1024      | must be between 2048 and 16777216",
        "ram                 | 2049      | must be a multiple of 1024",
        "storageSize         | 2047      | must be between 2048 and 2097152",
        "storageSize         | 2097153   | must be between 2048 and 2097152",
        "storageType         | \"NVME\"  | must be one of HDD, SSD, SSD Standard, SSD Premium",
        "location            | \"mars\"  | must be one of de/fra",
        "backupLocation      | \"us\"    | must be one of de, eu-south-2, eu-central-2",
        "displayName         | \"\"      | must be 1 to 63 characters long",
        "displayName         | \"---\"   | must contain a letter or a digit",
        "displayName         | \"a\\nb\" | must have no control characters",
        "synchronizationMode | \"NONE\"  | must be one of ASYNCHRONOUS, SYNCHRONOUS,",
        "connections         | {}        | must be an array",
        "connections         | [{},{}]   | must have at most 1 elements",
        "maintenanceWindow   | 7         | must be an object",
        "fromBackup          | \"x\"     | must be an object",
      })
  void refusesBadValuesByName(String property, String value, String message) {
    JsonObject asked = asked("shop");
    asked.getJsonObject("properties").put(property, "@@");
    Answer answer = client.post(CLUSTERS, asked.encode().replace("\"@@\"", value));
    refused(answer, 422, "validation-failed");
    assertThat(answer.messages())
        .anyMatch(one -> one.startsWith("properties." + property + " " + message));
    assertThat(names(client.get(CLUSTERS))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "credentials | {\"username\":\"postgres\",\"password\":\"0123456789\"} |"
            + " credentials.username must not be a reserved name",
        "credentials | {\"username\":\"Admin\",\"password\":\"0123456789\"}    |"
            + " credentials.username must not be a reserved name",
        "credentials | {\"username\":\"standby\",\"password\":\"0123456789\"}  |"
            + " credentials.username must not be a reserved name",
        "credentials | {\"username\":\"pg_x\",\"password\":\"0123456789\"}     |"
            + " credentials.username must not be a reserved name",
        "credentials | {\"username\":\"o'x\",\"password\":\"0123456789\"}      |"
            + " credentials.username must start with",
        "credentials | {\"username\":\"owner\",\"password\":\"012345678\"}     |"
            + " credentials.password must be 10 to",
        "credentials | {\"username\":\"owner\",\"password\":\"\u00ad123456789\"} |"
            + " credentials.password must have only characters that SASLprep",
        "credentials | {\"username\":\"owner\"}      | credentials.password is required",
        "credentials | {\"username\":\"owner\\n"
            + "\",\"password\":\"0123456789\"} | credentials.username must start with",
        "connections |"
            + " [{\"datacenterId\":\"55555555-aaaa-4bbb-8ccc-666666666666\",\"lanId\":\"1\",\"cidr\":\"192.168.1.1/24\\r"
            + "\\n"
            + "\"}] | connections[0].cidr must be an IPv4 address",
        "connections | [{\"lanId\":\"1\",\"cidr\":\"192.168.1.1/24\"}] |"
            + " connections[0].datacenterId is required",
        "connections | [{\"datacenterId\":\"x\",\"lanId\":\"1\",\"cidr\":\"192.168.1.1/24\"}] |"
            + " connections[0].datacenterId must be a UUID",
        "connections |"
            + " [{\"datacenterId\":\"55555555-aaaa-4bbb-8ccc-666666666666\",\"lanId\":\"x\",\"cidr\":\"192.168.1.1/24\"}]"
            + " | connections[0].lanId must be a number",
        "connections |"
            + " [{\"datacenterId\":\"55555555-aaaa-4bbb-8ccc-666666666666\",\"lanId\":\"1\",\"cidr\":\"192.168.1.1\"}]"
            + " | connections[0].cidr must be an IPv4 address",
        "connections |"
            + " [{\"datacenterId\":\"55555555-aaaa-4bbb-8ccc-666666666666\",\"lanId\":\"1\",\"cidr\":\"10.233.70.1/24\"}]"
            + " | connections[0].cidr must not overlap",
        "connections |"
            + " [{\"datacenterId\":\"55555555-aaaa-4bbb-8ccc-666666666666\",\"lanId\":\"1\",\"cidr\":\"10.0.0.1/8\"}]"
            + " | connections[0].cidr must not overlap",
        "maintenanceWindow | {\"time\":\"24:00:00\",\"dayOfTheWeek\":\"Sunday\"} |"
            + " maintenanceWindow.time must have the form HH:MM:SS",
        "maintenanceWindow | {\"time\":\"12:00:00\",\"dayOfTheWeek\":\"sunday\"} |"
            + " maintenanceWindow.dayOfTheWeek must be one of Sunday",
        "maintenanceWindow | {\"time\":\"12:00:00\"} | maintenanceWindow.dayOfTheWeek is required",
        "connectionPooler | {\"poolMode\":\"statement\"} | connectionPooler.poolMode must be one of"
            + " transaction, session",
      })
  void refusesBadValuesWithinByName(String property, String value, String message) {
    JsonObject asked = asked("shop");
    asked.getJsonObject("properties").put(property, "@@");
    invalid(
        client.post(CLUSTERS, asked.encode().replace("\"@@\"", value)), "properties." + message);
  }

  @Test
  void namesEveryPropertyAtFault() {
    assertThat(client.post(CLUSTERS, body(new JsonObject())).messages())
        .containsExactlyInAnyOrder(
            "properties.postgresVersion is required",
            "properties.instances is required",
            "properties.cores is required",
            "properties.ram is required",
            "properties.storageSize is required",
            "properties.storageType is required",
            "properties.location is required",
            "properties.displayName is required",
            "properties.credentials is required",
            "properties.synchronizationMode is required");
    invalid(client.post(CLUSTERS, new JsonObject()), "properties is required");
    JsonObject asked = asked("shop");
    asked.getJsonObject("properties").put("postgresVersion", "9").put("location", "mars");
    assertThat(client.post(CLUSTERS, asked).messages()).hasSize(2);
  }

  @Test
  void refusesWhatIsNoJsonObject() {
    for (String body : List.of("{\"properties\":", "", "[]", "7", "{} {}")) {
      refused(client.post(CLUSTERS, body), 400, "unreadable-body");
    }
  }

  @Test
  void refusesOtherMediaTypesMethodsPathsAndLargeBodies() {
    String body = asked("shop").encode();
    refused(client.send("POST", CLUSTERS, body), 415, "unsupported-media-type");
    JsonObject large = asked("shop").put("x", "x".repeat(65 * 1024));
    refused(client.post(CLUSTERS, large), 413, "payload-too-large");
    Answer method = client.send("PUT", CLUSTERS, null);
    refused(method, 405, "method-not-allowed");
    assertThat(method.header("allow")).isEqualTo("GET, HEAD, POST");
    refused(client.get(ROOT + "/unheard-of"), 404, "not-found");
    refused(client.get("/infos"), 404, "not-found");
  }

  @Test
  void literalSegmentsWinOverTheId() {
    assertThat(client.get(CLUSTERS + "/postgresversions").json().containsKey("data")).isTrue();
    Answer delete = client.delete(CLUSTERS + "/postgresversions");
    refused(delete, 405, "method-not-allowed");
    assertThat(delete.header("allow")).isEqualTo("GET, HEAD");
    refused(client.delete(CLUSTERS + "/backups"), 405, "method-not-allowed");
    for (String path : List.of("/backups/versions", "/backups/backups")) {
      assertThat(client.get(CLUSTERS + path).error()).isEqualTo("backup not found");
    }
  }

  @Test
  void servesTheSameWithoutThePrefix() {
    Answer created = client.post("/clusters", asked("shop"));
    assertThat(created.status()).isEqualTo(200);
    String id = created.json().getString("id");
    Answer bare = client.get("/clusters/" + id);
    assertThat(bare.body()).isEqualTo(client.get(CLUSTERS + "/" + id).body());
    assertThat(names(client.get("/clusters"))).containsExactly("shop");
    assertThat(client.get("/versions").status()).isEqualTo(200);
    assertThat(client.get("/infos/version").status()).isEqualTo(200);
    refused(client.get("/clusters/none"), 404, "not-found");
    refused(client.send("PUT", "/clusters", null), 405, "method-not-allowed");
    assertThat(client.delete("/clusters/" + id).status()).isEqualTo(200);
    // Not all that begins alike is of this API.
    assertThat(client.as(null).send("GET", "/openapi/none.yaml", null).status()).isEqualTo(404);
  }

  @Test
  void deletes() {
    String path = running(client, "shop");
    Answer deleted = client.delete(path);
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(state(deleted)).isEqualTo("DESTROYING");
    assertThat(state(client.get(path))).isEqualTo("DESTROYING");
    assertThat(state(client.delete(path))).as("again").isEqualTo("DESTROYING");
    refused(client.patch(path, body(new JsonObject().put("cores", 9))), 409, "conflict");
    finish(path);
    refused(client.get(path), 404, "not-found");
    refused(client.delete(path), 404, "not-found");
    assertThat(names(client.get(CLUSTERS))).isEmpty();
  }

  @Test
  void showsThatItFailedAndWhatItCannotTell() {
    String path = create(client, asked("shop"));
    server.fail(row(path), "no room");
    assertThat(state(client.get(path))).isEqualTo("FAILED");

    String runs = running(client, "runs");
    try {
      server.api.silence = Duration.ofMinutes(2);
      Answer stale = client.get(runs);
      assertThat(state(stale)).isEqualTo("UNKNOWN");
      assertThat(stale.header("age")).isNotNull();
      assertThat(client.get(CLUSTERS).json().getJsonArray("items"))
          .allMatch(
              one ->
                  ((JsonObject) one)
                      .getJsonObject("metadata")
                      .getString("state")
                      .equals("UNKNOWN"));
    } finally {
      server.api.silence = Duration.ZERO;
    }
    assertThat(state(client.get(runs))).isEqualTo("AVAILABLE");
  }

  @Test
  void saysThatAPartIsUnavailable() {
    try (ApiFixture api = ApiFixture.withoutStore(server.api.vertx)) {
      Answer answer = api.client("x").as("a@mooring.invalid", "x").get(CLUSTERS);
      refused(answer, 503, "unavailable");
      assertThat(answer.header("retry-after")).isEqualTo("1");
    }
  }

  @Test
  void anotherTenantsClusterIsNotFoundEverywhere() {
    String path = running(client, "shop");
    ContractClient other = newTenant();
    for (String at :
        List.of(
            path, CLUSTERS + "/ffffffff-ffff-4fff-8fff-ffffffffffff", CLUSTERS + "/1-1-1-1-1")) {
      for (Answer answer :
          List.of(
              other.get(at),
              other.delete(at),
              other.patch(at, body(new JsonObject().put("displayName", "mine"))),
              other.get(at + "/versions"),
              other.get(at + "/postgresversions"))) {
        refused(answer, 404, "not-found");
        assertThat(answer.error()).isEqualTo("cluster not found");
      }
    }
    assertThat(names(other.get(CLUSTERS))).isEmpty();
    assertThat(client.get(path).status()).isEqualTo(200);
    for (String id : List.of("%22", "%20", "true", "123", "db-00000000", "%7B%7D")) {
      refused(client.get(CLUSTERS + "/" + id), 404, "not-found");
      refused(client.delete(CLUSTERS + "/" + id), 404, "not-found");
    }
  }

  @Test
  void listsPageByPage() {
    for (String name : List.of("one", "two", "three")) {
      create(client, asked(name));
    }
    Answer all = client.get(CLUSTERS + "?depth=1&order-by=name");
    assertThat(names(all)).containsExactly("three", "two", "one");
    assertThat(all.json().getString("type")).isEqualTo("collection");
    assertThat(all.json().getInteger("limit")).isEqualTo(100);
    assertThat(all.json().getInteger("offset")).isZero();
    String url = "http://127.0.0.1:" + server.api.port + CLUSTERS;
    assertThat(links(all).getMap()).isEqualTo(Map.of("self", url + "?limit=100&offset=0"));

    Answer first = client.get(CLUSTERS + "?limit=2");
    assertThat(names(first)).containsExactly("three", "two");
    assertThat(links(first).fieldNames()).containsExactlyInAnyOrder("self", "next");
    Answer next =
        client.get(links(first).getString("next").substring(url.length() - CLUSTERS.length()));
    assertThat(names(next)).containsExactly("one");
    assertThat(links(next).getMap())
        .isEqualTo(Map.of("prev", url + "?limit=2&offset=0", "self", url + "?limit=2&offset=2"));
    String tag = next.header("etag");
    String again = CLUSTERS + "?limit=2&offset=2";
    assertThat(client.get(again, "If-None-Match", tag).status()).isEqualTo(304);

    assertThat(names(client.get(CLUSTERS + "?filter.name=T"))).containsExactly("three", "two");
    Answer filtered = client.get(CLUSTERS + "?filter.name=t%26&limit=1");
    assertThat(names(filtered)).isEmpty();
    assertThat(links(filtered).getString("self")).endsWith("&filter.name=t%26");
    assertThat(names(client.get(CLUSTERS + "?offset=2147483647&limit=1000"))).isEmpty();
    assertThat(links(client.get("/clusters?limit=1")).getString("next"))
        .endsWith("/clusters?limit=1&offset=1");
  }

  @Test
  void refusesPagesThatAreNone() {
    for (String wrong :
        List.of("limit=0", "limit=1001", "limit=x", "offset=-1", "offset=1.5", "limit=")) {
      invalid(client.get(CLUSTERS + "?" + wrong), wrong.split("=", 2)[0] + " must be an integer");
    }
  }

  @Test
  void knowsTheVersions() {
    String path = create(client, asked("shop"));
    for (String all : List.of("/versions", "/clusters/postgresversions")) {
      assertThat(versions(client.get(ROOT + all))).containsExactly("14", "15", "16", "17", "18");
    }
    for (String own : List.of("/versions", "/postgresversions")) {
      // There is an image of 17 here, and none of 18.
      assertThat(versions(client.get(path + own))).containsExactly("16", "17");
    }
    JsonObject version = client.get(ROOT + "/infos/version").json();
    assertThat(version.getString("swaggerUrl"))
        .isEqualTo("http://127.0.0.1:" + server.api.port + "/openapi/ionos.yaml");
    assertThat(client.get(ROOT + "/infos/versions").array())
        .isEqualTo(new JsonArray().add(version));
  }

  @Test
  void whatOneApiMadeTheOthersShow() {
    String id =
        client
            .post(
                "/v1/databases",
                new JsonObject().put("name", "small").put("region", "fsn1").put("tier", "free"))
            .json()
            .getString("id");
    Instance theirs = server.store.instances().find(id.substring(id.length() - 8)).blockingGet();
    Answer here = client.get(CLUSTERS + "/" + theirs.id());
    assertThat(properties(here).getMap())
        .containsEntry("displayName", "small")
        .containsEntry("cores", 1)
        .containsEntry("ram", 256)
        .containsEntry("storageSize", 500)
        .containsEntry("location", "de/fra")
        .containsEntry("synchronizationMode", "ASYNCHRONOUS")
        .doesNotContainKeys("storageType", "backupLocation");

    Instance ours = row(running(client, "shop"));
    assertThat(client.get("/v1/databases/db-" + ours.shortId()).json().getMap())
        .containsEntry("name", "shop")
        .containsEntry("tier", "custom-2-4096")
        .containsEntry("username", "owner")
        .containsEntry("status", "running");
    assertThat(client.get("/api/v1/databases/db_" + ours.shortId()).json().getMap())
        .containsEntry("db_type", "postgresql")
        .containsEntry("region", "nyc1")
        .containsEntry("storage_gb", 20);

    assertThat(client.post("/v1/databases/db-" + ours.shortId() + "/stop").status()).isEqualTo(200);
    String path = CLUSTERS + "/" + ours.id();
    assertThat(state(client.get(path))).isEqualTo("BUSY");
    finish(path);
    assertThat(state(client.get(path))).isEqualTo("DEGRADED");
    assertThat(state(client.delete(path))).isEqualTo("DESTROYING");
  }

  @Test
  void knowsNothingOfOtherEngines() {
    String path = running(client, "shop");
    running(client, "stays");
    Instance row = row(path);
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
    server.api.feed.publish(Samples.revised(other, row.revision() + 1_000));
    assertThat(client.get("/api/v1/databases/db_" + row.shortId()).json().getString("db_type"))
        .isEqualTo("redis");
    refused(client.get(path), 404, "not-found");
    refused(client.get(path + "/versions"), 404, "not-found");
    refused(client.delete(path), 404, "not-found");
    refused(client.patch(path, body(new JsonObject())), 404, "not-found");
    assertThat(names(client.get(CLUSTERS))).containsExactly("stays");
  }

  private static JsonObject links(Answer answer) {
    return answer.json().getJsonObject("links");
  }

  private static List<String> versions(Answer answer) {
    return answer.json().getJsonArray("data").stream()
        .map(one -> ((JsonObject) one).getString("name"))
        .toList();
  }
}

package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import mooring.api.ApiFixture;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Backup;
import mooring.core.Caller;
import mooring.core.Engine;
import mooring.core.Instance;
import mooring.core.Observation;
import mooring.core.SeenBackup;
import mooring.core.SeenServers;
import org.junit.jupiter.api.Test;

/** Services as they are read. */
class ExoscaleReadTest extends ExoscaleTestBase {
  @Test
  void whatWasMadeElsewhereIsSeenInThisApisWords() {
    foreign("cache", Engine.REDIS);
    Instance made = foreign("orders", Engine.POSTGRESQL);
    assertThat(names(client.get(SERVICES))).containsExactly("orders");
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isEqualTo("rebuilding");
    assertThat(client.get(POSTGRES + "cache").status()).isEqualTo(404);
    server.finish(made);
    Answer answer = client.get(POSTGRES + "orders");
    assertThat(answer.status()).isEqualTo(200);
    JsonObject service = answer.json();
    assertThat(service.getString("state")).isEqualTo("running");
    assertThat(service.getString("plan")).isEqualTo("custom-0.5-768");
    assertThat(service.getLong("node-memory")).isEqualTo(768L << 20);
    assertThat(service.getString("zone")).isEqualTo("de-fra-1");
    JsonObject params = service.getJsonObject("uri-params");
    assertThat(params.getString("port")).isEqualTo("5432");
    assertThat(params.containsKey("password")).isFalse();
    assertThat(service.getString("uri"))
        .isEqualTo(
            "postgres://app_user@" + params.getString("host") + ":5432/orders?sslmode=require");
    assertThat(service.getJsonArray("databases")).isEqualTo(new JsonArray().add("orders"));
    assertThat(service.getJsonArray("node-states").getJsonObject(0).getString("state"))
        .isEqualTo("running");
    assertThat(service.getJsonArray("backups")).isEmpty();
    assertThat(client.get(POSTGRES + "orders", "If-None-Match", answer.header("etag")).status())
        .isEqualTo(304);
    assertThat(client.send("HEAD", POSTGRES + "orders", null).status()).isEqualTo(200);
  }

  @Test
  void completeBackupsAreListed() {
    Instance made = foreign("orders", Engine.POSTGRESQL);
    String before = client.get(POSTGRES + "orders").header("etag");
    Instant done = Instant.parse("2026-03-18T03:12:00.5Z");
    server.api.backups.seen.add(backup(made, "00000001", Backup.Phase.COMPLETED, done));
    server.api.backups.seen.add(backup(made, "00000002", Backup.Phase.IN_PROGRESS, null));
    Answer answer = client.get(POSTGRES + "orders");
    assertThat(answer.json().getJsonArray("backups"))
        .isEqualTo(
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("backup-name", "00000001")
                        .put("backup-time", "2026-03-18T03:12:00Z")
                        .put("data-size", 7)));
    String tag = answer.header("etag");
    assertThat(tag).isNotEqualTo(before);
    assertThat(client.get(POSTGRES + "orders", "If-None-Match", tag).status()).isEqualTo(304);
    server.api.backups.seen.add(backup(made, "00000003", Backup.Phase.COMPLETED, done));
    Answer more = client.get(POSTGRES + "orders", "If-None-Match", tag);
    assertThat(more.json().getJsonArray("backups")).hasSize(2);
    server.finish(made);
    Answer changed = client.get(POSTGRES + "orders", "If-None-Match", more.header("etag"));
    assertThat(changed.json().getString("state")).isEqualTo("running");
    assertThat(changed.json().getJsonArray("backups")).hasSize(2);
  }

  @Test
  void whatIsStoppedIsOffAndHasNoNodes() {
    Instance made = server.finish(foreign("orders", Engine.POSTGRESQL));
    Instance unused =
        server.finish(
            server
                .api
                .instances
                .stop(new Caller(tenant, null, null), made.shortId())
                .blockingGet());
    JsonObject service = client.get(POSTGRES + "orders").json();
    assertThat(service.getString("state")).isEqualTo("poweroff");
    assertThat(service.getJsonArray("node-states")).isEmpty();
  }

  @Test
  void aNodeThatIsMissingIsBeingMadeAgain() {
    pending(client.post(POSTGRES + "orders", new JsonObject().put("plan", "business-4")));
    Instance made = finish("orders");
    Observation whole = ApiOnStore.healthy(made, made.revision() + 1_000);
    server.api.feed.observed(seen(made, whole, 1, SeenServers.NONE));
    JsonObject service = client.get(POSTGRES + "orders").json();
    assertThat(service.getString("state")).isEqualTo("rebalancing");
    assertThat(service.getJsonArray("node-states").getJsonObject(0).getString("state"))
        .isEqualTo("running");
    assertThat(service.getJsonArray("node-states").getJsonObject(1).getString("state"))
        .isEqualTo("syncing_data");
  }

  @Test
  void theFirstNodeIsTheMasterFromTheStart() {
    pending(client.post(POSTGRES + "orders", new JsonObject().put("plan", "business-4")));
    assertThat(nodes(client.get(POSTGRES + "orders").json()))
        .containsExactly("orders-1 setting_up_vm master", "orders-2 setting_up_vm standby");
    Instance made = row("orders");
    Observation whole = ApiOnStore.healthy(made, made.revision() + 1_000);
    List<SeenServers.One> first = List.of(new SeenServers.One(1, false, false));
    server.api.feed.observed(seen(made, whole, 0, new SeenServers(null, first)));
    assertThat(nodes(client.get(POSTGRES + "orders").json()))
        .containsExactly("orders-1 setting_up_vm master", "orders-2 setting_up_vm standby");
  }

  @Test
  void nodesAreKnownByTheirNumbersAndTheVersionInFull() {
    pending(
        client.post(
            POSTGRES + "orders", new JsonObject().put("plan", "business-4").put("version", "16")));
    Instance made = finish("orders");
    assertThat(client.get(POSTGRES + "orders").json().getString("version")).isEqualTo("16");
    Observation whole = ApiOnStore.healthy(made, made.revision() + 1_000);
    List<SeenServers.One> all =
        List.of(
            new SeenServers.One(2, false, true),
            new SeenServers.One(3, true, true),
            new SeenServers.One(5, false, true));
    server.api.feed.observed(seen(made, whole, 2, new SeenServers("16.9", all)));
    JsonObject service = client.get(POSTGRES + "orders").json();
    assertThat(service.getString("version")).isEqualTo("16.9");
    assertThat(nodes(service))
        .containsExactly(
            "orders-2 running standby", "orders-3 running master", "orders-5 leaving standby");
    for (String same : List.of("16", "16.9")) {
      Answer answer = client.put(POSTGRES + "orders", new JsonObject().put("version", same));
      assertThat(answer.json().getString("state")).isEqualTo("success");
    }
    invalid(
        client.put(POSTGRES + "orders", new JsonObject().put("version", "16.8")),
        "$['version']",
        "must be one of 16");
    Observation later = ApiOnStore.healthy(made, made.revision() + 1_001);
    List<SeenServers.One> one = List.of(new SeenServers.One(3, true, true));
    server.api.feed.observed(seen(made, later, 1, new SeenServers("17.5", one)));
    JsonObject smaller = client.get(POSTGRES + "orders").json();
    assertThat(nodes(smaller))
        .containsExactly("orders-3 running master", "orders-4 syncing_data standby");
    assertThat(smaller.getString("version")).as("not what is wanted").isEqualTo("16");
  }

  private static List<String> nodes(JsonObject service) {
    return service.getJsonArray("node-states").stream()
        .map(JsonObject.class::cast)
        .map(
            node ->
                String.join(
                    " ", node.getString("name"), node.getString("state"), node.getString("role")))
        .toList();
  }

  private static Observation seen(
      Instance made, Observation whole, int ready, SeenServers servers) {
    Observation.Facts facts = whole.facts();
    return new Observation(
        made.id(),
        whole.version(),
        whole.objectVersion(),
        whole.condition(),
        null,
        new Observation.Facts(
            facts.version(),
            ready,
            facts.instances(),
            facts.cpuMilli(),
            facts.memoryMib(),
            facts.storageMib(),
            true,
            facts.address(),
            0,
            facts.generation(),
            facts.pooler(),
            false,
            facts.pools(),
            servers));
  }

  @Test
  void withoutTheRecordsReadsGoOnAndChangesAreToBeTriedAgain() {
    String operation = create("orders", new JsonObject().put("plan", "startup-4"));
    Instance made = finish("orders");
    Vertx vertx = Vertx.vertx();
    try (ApiFixture down = ApiFixture.withoutStore(vertx)) {
      down.feed.loaded(List.of(made), List.of());
      down.feed.loadedAccessKeys(List.of(key));
      down.feed.observed(ApiOnStore.healthy(made, made.revision() + 1_000));
      down.feed.synced(1);
      ContractClient there = down.client(null).signed(Signing.with(key.name(), key.secret()));
      assertThat(there.get(POSTGRES + "orders").json().getString("state")).isEqualTo("running");
      assertThat(names(there.get(SERVICES))).containsExactly("orders");
      assertThat(there.get("/v2/operation/" + operation).json().getString("state"))
          .isEqualTo("success");
      Answer change = there.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-8"));
      assertThat(change.status()).isEqualTo(503);
      assertThat(change.header("retry-after")).isNotNull();
      assertThat(there.get(POSTGRES + "unheard-of").status()).isEqualTo(503);
      for (String none : List.of("Not_A_Name", "%00", "x".repeat(64))) {
        refused(there.get(POSTGRES + none), 404, "service not found");
      }
    } finally {
      ApiFixture.await(vertx.close());
    }
  }

  @Test
  void bytesAreMoreThanSmallNumbersHold() {
    List<String> bytes =
        client
            .get("/openapi/exoscale.yaml")
            .body()
            .toString()
            .lines()
            .filter(line -> line.contains("type: integer") && line.contains("Bytes"))
            .toList();
    assertThat(bytes).hasSize(7).allMatch(line -> line.contains("format: int64"));
  }

  @Test
  void anothersServiceIsNotThere() {
    foreign("orders", Engine.POSTGRESQL);
    Answer answer = newTenant().get(POSTGRES + "orders");
    refused(answer, 404, "service not found");
    assertThat(newTenant().get(POSTGRES + "none").body()).isEqualTo(answer.body());
    assertThat(names(newTenant().get(SERVICES))).isEmpty();
  }

  private static SeenBackup backup(
      Instance instance, String id, Backup.Phase phase, Instant completed) {
    Instant created = Instant.parse("2026-03-18T03:00:00Z");
    return new SeenBackup(
        id, instance.id(), false, phase, null, 7, created, created, completed, 7, id);
  }
}

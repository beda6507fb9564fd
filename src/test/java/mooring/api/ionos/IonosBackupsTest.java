package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Backup;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.Recovery;
import mooring.core.SeenBackup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups shown, and clusters made from them; each test with a cluster that runs. */
class IonosBackupsTest extends IonosTestBase {
  private final Instant first =
      Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);

  private String path;
  private Instance source;

  @BeforeEach
  void cluster() {
    path = running(client, "shop");
    source = row(path);
    server.api.backups.offered = true;
  }

  private String backedUp() {
    server.api.backups.first.put(source.id(), first);
    return items(client.get(path + "/backups")).get(0).getString("id");
  }

  private static List<JsonObject> items(Answer answer) {
    return answer.json().getJsonArray("items").stream().map(one -> (JsonObject) one).toList();
  }

  private static JsonObject from(String backup, String time) {
    JsonObject asked = asked("copy");
    JsonObject from = new JsonObject().put("backupId", backup);
    asked
        .getJsonObject("properties")
        .put("fromBackup", time == null ? from : from.put("recoveryTargetTime", time));
    return asked;
  }

  @Test
  void aClusterHasOneBackupFromTheBeginning() {
    Answer before = client.get(path + "/backups");
    assertThat(before.json().getString("id")).isEqualTo(source.id() + "/backups");
    JsonObject one = items(before).get(0);
    assertThat(one.getString("type")).isEqualTo("backup");
    assertThat(one.getString("id"))
        .isEqualTo(source.id() + "-" + source.shortId().substring(0, 7) + "-16");
    assertThat(one.getJsonObject("metadata").getString("state")).isEqualTo("BUSY");
    JsonObject properties = one.getJsonObject("properties");
    assertThat(properties.containsKey("earliestRecoveryTargetTime")).isFalse();
    assertThat(properties.getInteger("size")).isZero();

    server.api.backups.seen.add(
        new SeenBackup(
            "0a0a0a0a",
            source.id(),
            false,
            Backup.Phase.COMPLETED,
            null,
            42L << 20,
            first,
            first,
            first,
            7,
            "20260317T100000"));
    String id = backedUp();
    Answer shown = client.get(CLUSTERS + "/backups/" + id);
    assertThat(shown.json().getJsonObject("metadata").getString("state")).isEqualTo("AVAILABLE");
    assertThat(properties(shown).getMap())
        .containsEntry("id", id)
        .containsEntry("clusterId", source.id().toString())
        .containsEntry("version", "16")
        .containsEntry("isActive", true)
        .containsEntry("size", 42)
        .containsEntry("earliestRecoveryTargetTime", first.toString());
    assertThat(items(client.get(path + "/backups"))).containsExactly(shown.json());
    String tag = shown.header("etag");
    assertThat(client.get("/clusters/backups/" + id, "If-None-Match", tag).status()).isEqualTo(304);
  }

  @Test
  void thoseOfAllClustersAreListedPageByPage() {
    running(client, "other");
    Answer all = client.get(CLUSTERS + "/backups");
    assertThat(all.json().getString("id")).isEqualTo("backups");
    assertThat(items(all)).hasSize(2);
    Answer first = client.get(CLUSTERS + "/backups?limit=1");
    assertThat(items(first)).hasSize(1);
    assertThat(first.json().getJsonObject("links").getString("next"))
        .endsWith(CLUSTERS + "/backups?limit=1&offset=1");
    assertThat(items(client.get(path + "/backups?offset=1"))).isEmpty();
    invalid(client.get(CLUSTERS + "/backups?limit=0"), "limit must be an integer");
    invalid(client.get(path + "/backups?offset=x"), "offset must be an integer");
  }

  @Test
  void withoutAStoreForThemThereAreNone() {
    String id = backedUp();
    server.api.backups.offered = false;
    assertThat(items(client.get(CLUSTERS + "/backups"))).isEmpty();
    assertThat(items(client.get(path + "/backups"))).isEmpty();
    refused(client.get(CLUSTERS + "/backups/" + id), 404, "not-found");
    invalid(client.post(CLUSTERS, from(id, null)), "properties.fromBackup.backupId must be");
  }

  @Test
  void anotherTenantsBackupIsNotFoundEverywhere() {
    String id = backedUp();
    ContractClient other = newTenant();
    for (String at :
        List.of(id, UUID.randomUUID() + "-0000000-16", "x", id + "0", source.id().toString())) {
      Answer answer = other.get(CLUSTERS + "/backups/" + at);
      refused(answer, 404, "not-found");
      assertThat(answer.error()).isEqualTo("backup not found");
      invalid(
          other.post(CLUSTERS, from(at, null)),
          "properties.fromBackup.backupId must be the id of a backup");
    }
    refused(client.get(CLUSTERS + "/backups/" + id + "0"), 404, "not-found");
    refused(other.get(path + "/backups"), 404, "not-found");
    assertThat(items(other.get(CLUSTERS + "/backups"))).isEmpty();
  }

  @Test
  void aClusterIsMadeFromAllOfABackup() {
    Answer made = client.post(CLUSTERS, from(backedUp(), null));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(200);
    assertThat(state(made)).isEqualTo("BUSY");
    Instance copy = row(CLUSTERS + "/" + made.json().getString("id"));
    assertThat(copy.setup().recovery())
        .isEqualTo(new Recovery(source.id(), source.objectName(), 7, null, null));
    assertThat(server.store.instances().credentials(copy).blockingGet())
        .isEqualTo(new Credentials("owner", "Long-Enough-1", "postgres"));
  }

  @Test
  void thatOfADeletedClusterIsKeptForAWeek() {
    String id = backedUp();
    assertThat(client.delete(path).status()).isEqualTo(200);
    finish(path);
    // Nothing of it is kept where there was no backup yet.
    refused(client.get(CLUSTERS + "/backups/" + id), 404, "not-found");
    server.api.backups.archives.put(source.objectName(), first);
    running(client, "other");

    List<JsonObject> all = items(client.get(CLUSTERS + "/backups"));
    assertThat(all).hasSize(2);
    assertThat(all.get(1).getString("id")).isEqualTo(id);
    assertThat(all.get(1).getJsonObject("properties").getBoolean("isActive")).isFalse();
    assertThat(client.get(CLUSTERS + "/backups/" + id).json()).isEqualTo(all.get(1));
    refused(client.get(path + "/backups"), 404, "not-found");
    refused(client.get(CLUSTERS + "/backups/" + id + "0"), 404, "not-found");

    ContractClient other = newTenant();
    refused(other.get(CLUSTERS + "/backups/" + id), 404, "not-found");
    assertThat(items(other.get(CLUSTERS + "/backups"))).isEmpty();
    invalid(other.post(CLUSTERS, from(id, null)), "properties.fromBackup.backupId must be");

    Answer made = client.post(CLUSTERS, from(id, null));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(200);
    Recovery recovery = row(CLUSTERS + "/" + made.json().getString("id")).setup().recovery();
    assertThat(recovery.end()).isNotNull();
    assertThat(recovery)
        .isEqualTo(new Recovery(source.id(), source.objectName(), 7, null, null, recovery.end()));
  }

  @Test
  void aClusterIsMadeAsAnotherWasBeforeATime() {
    Instant end = first.plus(30, ChronoUnit.MINUTES);
    Answer made = client.post(CLUSTERS, from(backedUp(), end.toString().replace("Z", "+00:00")));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(200);
    Instance copy = row(CLUSTERS + "/" + made.json().getString("id"));
    assertThat(copy.setup().recovery().moment()).isEqualTo(end.minusNanos(1_000));
  }

  @Test
  void whatABackupDoesNotReachIsRefused() {
    refusedBeforeTheFirst();
    String id = backedUp();
    String property = "properties.fromBackup.recoveryTargetTime must ";
    invalid(client.post(CLUSTERS, from(id, first.toString())), property + "lie after " + first);
    invalid(
        client.post(CLUSTERS, from(id, Instant.now().plusSeconds(600).toString())),
        property + "lie after");
    invalid(client.post(CLUSTERS, from(id, "yesterday")), property + "be a time in RFC 3339");
    JsonObject other = from(id, null);
    other.getJsonObject("properties").put("postgresVersion", "17");
    invalid(client.post(CLUSTERS, other), "properties.postgresVersion must be 16");
    JsonObject stranger = from(id, null);
    stranger.getJsonObject("properties").getJsonObject("credentials").put("username", "me");
    invalid(client.post(CLUSTERS, stranger), "properties.credentials.username must be owner");
    JsonObject without = from(id, null);
    without.getJsonObject("properties").put("fromBackup", new JsonObject());
    invalid(client.post(CLUSTERS, without), "properties.fromBackup.backupId is required");
    assertThat(names(client.get(CLUSTERS))).containsExactly("shop");
  }

  private void refusedBeforeTheFirst() {
    String id = items(client.get(path + "/backups")).get(0).getString("id");
    Answer early = client.post(CLUSTERS, from(id, null));
    refused(early, 503, "unavailable");
    assertThat(early.header("retry-after")).isEqualTo("60");
  }
}

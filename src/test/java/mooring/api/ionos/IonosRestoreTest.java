package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.core.Credentials;
import mooring.core.Instance;
import mooring.core.InstanceState;
import mooring.core.OperationKind;
import mooring.core.Recovery;
import mooring.core.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clusters that become what a backup holds; each test with one that runs and is backed up. */
class IonosRestoreTest extends IonosTestBase {
  private final Instant first =
      Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);

  private String path;
  private Instance cluster;
  private String backup;

  @BeforeEach
  void cluster() {
    server.api.backups.offered = true;
    path = running(client, "shop");
    cluster = row(path);
    backup = backedUp(cluster, path);
  }

  private String backedUp(Instance database, String at) {
    server.api.backups.first.put(database.id(), first);
    return items(at).get(0).getString("id");
  }

  private List<JsonObject> items(String at) {
    return client.get(at + "/backups").json().getJsonArray("items").stream()
        .map(one -> (JsonObject) one)
        .toList();
  }

  private static JsonObject from(String id, Object time) {
    JsonObject body = new JsonObject().put("backupId", id);
    return time == null ? body : body.put("recoveryTargetTime", time.toString());
  }

  private Answer restore(JsonObject body) {
    return client.post(path + "/restore", body);
  }

  private void accepted(Answer answer) {
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(202);
    assertThat(answer.body().length()).isZero();
  }

  @Test
  void aClusterIsBusyThenAvailableWithANewBackupBegun() {
    Instant end = first.plus(30, ChronoUnit.MINUTES);
    accepted(restore(from(backup, end)));
    assertThat(state(client.get(path))).isEqualTo("BUSY");
    Instance restoring = row(path);
    assertThat(restoring.operation().kind()).isEqualTo(OperationKind.RESTORE);
    assertThat(restoring.operation().acceptedIn()).isEqualTo(InstanceState.RUNNING);
    assertThat(restoring.setup().recovery())
        .isEqualTo(
            new Recovery(cluster.id(), cluster.objectName(), 7, null, end.minusNanos(1_000)));
    assertThat(restoring.clusterName()).isEqualTo(cluster.objectName() + "-g2");
    assertThat(restoring.address()).isEqualTo(cluster.address());
    assertThat(server.store.instances().credentials(restoring).blockingGet())
        .isEqualTo(new Credentials("owner", "Long-Enough-1", "postgres"));

    server.finish(restoring);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    server.api.backups.archives.put(cluster.objectName(), first);
    List<JsonObject> backups = items(path);
    assertThat(backups).hasSize(2);
    JsonObject fresh = backups.get(0);
    assertThat(fresh.getString("id"))
        .isEqualTo(cluster.id() + "-" + cluster.shortId().substring(0, 5) + "g2-16");
    assertThat(fresh.getJsonObject("properties").getBoolean("isActive")).isTrue();
    assertThat(fresh.getJsonObject("properties").containsKey("earliestRecoveryTargetTime"))
        .isFalse();
    JsonObject before = backups.get(1);
    assertThat(before.getString("id")).isEqualTo(backup);
    assertThat(before.getJsonObject("properties").getMap())
        .containsEntry("isActive", false)
        .containsEntry("earliestRecoveryTargetTime", first.toString());
    assertThat(client.get(CLUSTERS + "/backups/" + backup).json()).isEqualTo(before);
    assertThat(client.get(CLUSTERS + "/backups/" + fresh.getString("id")).json()).isEqualTo(fresh);
  }

  @Test
  void theBackupBeforeReachesToItsEnd() {
    accepted(restore(from(backup, null)));
    server.finish(row(path));
    server.api.backups.archives.put(cluster.objectName(), first);
    Instant end = row(path).setup().lineage().former().get(0).until();

    invalid(
        restore(from(backup, end.plusSeconds(1))), "recoveryTargetTime must lie after " + first);
    refused(restore(from(items(path).get(0).getString("id"), null)), 503, "unavailable");
    accepted(restore(from(backup, end.truncatedTo(ChronoUnit.SECONDS))));
    assertThat(row(path).clusterName()).isEqualTo(cluster.objectName() + "-g3");
    assertThat(row(path).setup().recovery().sourceName()).isEqualTo(cluster.objectName());
  }

  @Test
  void aClusterFromTheBackupBeforeHasTheUsersOfItsEnd() {
    user("early");
    accepted(restore(from(backup, null)));
    server.finish(row(path));
    user("late");
    server.api.backups.archives.put(cluster.objectName(), first);
    JsonObject asked = asked("copy");
    asked.getJsonObject("properties").put("fromBackup", from(backup, null));
    Answer made = client.post(CLUSTERS, asked);
    assertThat(made.status()).as(made.body().toString()).isEqualTo(200);
    Instance copy = row(CLUSTERS + "/" + made.json().getString("id"));
    assertThat(copy.contents().roles()).extracting(Role::name).containsExactly("early");
    assertThat(row(path).contents().roles()).hasSize(2);
  }

  private void user(String name) {
    JsonObject properties = new JsonObject().put("username", name).put("password", "Long-Enough-1");
    Answer made = client.post(path + "/users", new JsonObject().put("properties", properties));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(200);
    server.finish(row(path));
  }

  @Test
  void whatFailsIsAsItWasBefore() {
    accepted(restore(from(backup, null)));
    Instance claimed = server.claim(row(path));
    Instance unused =
        server
            .store
            .operations()
            .revert(claimed.operation().id(), claimed.operation().attempt(), "no room", null)
            .doOnSuccess(server.api.feed::publish)
            .blockingGet();
    assertThat(row(path).setup().recovery()).isNull();
    assertThat(row(path).clusterName()).isEqualTo(cluster.objectName());
    assertThat(items(path)).hasSize(1);
    accepted(restore(from(backup, null)));
    // An archive takes in the log of one server only.
    assertThat(row(path).clusterName()).isEqualTo(cluster.objectName() + "-g3");
  }

  @Test
  void anotherClustersBackupIsTakenWhenItFits() {
    String other = running(client, "other");
    String theirs = backedUp(row(other), other);
    accepted(restore(from(theirs, null)));
    assertThat(row(path).setup().recovery().source()).isEqualTo(row(other).id());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    JsonObject newer = asked("newer");
    newer.getJsonObject("properties").put("postgresVersion", "17");
    String newest = create(client, newer);
    finish(newest);
    invalid(
        restore(from(backedUp(row(newest), newest), null)),
        "backupId must be a backup of PostgreSQL 16");
    JsonObject strange = asked("strange");
    strange.getJsonObject("properties").getJsonObject("credentials").put("username", "me");
    String stranger = create(client, strange);
    finish(stranger);
    invalid(
        restore(from(backedUp(row(stranger), stranger), null)),
        "backupId must be a backup of a cluster with the same owner");
    invalid(restore(from(backup, first)), "recoveryTargetTime must lie after " + first);
    invalid(
        restore(from(backup, Instant.now().plusSeconds(600))), "recoveryTargetTime must lie after");
    invalid(restore(from(backup, "yesterday")), "recoveryTargetTime must be a time in RFC 3339");
    invalid(restore(new JsonObject()), "backupId is required");
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
  }

  @Test
  void whatIsNotTheCallersIsNotThere() {
    for (String id : List.of(UUID.randomUUID() + "-0000000-16", "x", backup + "0")) {
      Answer answer = restore(from(id, null));
      refused(answer, 404, "not-found");
      assertThat(answer.error()).isEqualTo("backup not found");
    }
    ContractClient other = newTenant();
    refused(other.post(path + "/restore", from(backup, null)), 404, "not-found");
    String theirs = running(other, "theirs");
    refused(other.post(theirs + "/restore", from(backup, null)), 404, "not-found");
    refused(client.post(CLUSTERS + "/x/restore", from(backup, null)), 404, "not-found");
  }

  @Test
  void oneThatIsBusyOrStoppedIsLeftAlone() {
    accepted(restore(from(backup, null)));
    server.api.backups.archives.put(cluster.objectName(), first);
    refused(restore(from(backup, null)), 409, "conflict");
    refused(client.patch(path, body(new JsonObject().put("cores", 4))), 409, "conflict");

    String other = running(client, "other");
    String theirs = backedUp(row(other), other);
    String stop = "/v1/databases/" + row(other).objectName() + "/stop";
    assertThat(client.post(stop).status()).isEqualTo(200);
    finish(other);
    refused(client.post(other + "/restore", from(theirs, null)), 409, "conflict");
  }
}

package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.Lineage;
import mooring.core.OperationKind;
import mooring.core.PoolMode;
import mooring.core.Replication;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters changed, each test with one that runs. */
class IonosPatchTest extends IonosTestBase {
  private String path;

  @BeforeEach
  void cluster() {
    path = running(client, "shop");
  }

  private Answer patch(JsonObject properties) {
    return client.patch(path, body(properties));
  }

  private JsonObject shown() {
    return properties(client.get(path));
  }

  @Test
  void anotherSizeIsBusyInItsOwnAnswerAndThenThere() {
    Answer answer =
        patch(new JsonObject().put("cores", 4).put("ram", 8192).put("storageSize", 40960));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(state(answer)).isEqualTo("BUSY");
    assertThat(properties(answer).getMap())
        .containsEntry("cores", 4)
        .containsEntry("ram", 8192)
        .containsEntry("storageSize", 40960)
        .containsEntry("displayName", "shop");
    Instance row = row(path);
    assertThat(row.operation().kind()).isEqualTo(OperationKind.RESIZE);
    assertThat(row.spec().cpuMilli()).isEqualTo(4000);
    assertThat(client.get(path).json()).isEqualTo(answer.json());
    finish(path);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    assertThat(shown()).isEqualTo(properties(answer));
  }

  @Test
  void anEqualPatchChangesNothing() {
    JsonObject all = shown();
    long revision = row(path).revision();
    // What cannot be changed may be sent as it is, and so may all that is shown.
    Answer answer = patch(all.copy());
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(state(answer)).isEqualTo("AVAILABLE");
    assertThat(properties(answer)).isEqualTo(all);
    assertThat(row(path).revision()).isEqualTo(revision);
    assertThat(state(patch(new JsonObject()))).isEqualTo("AVAILABLE");
    JsonObject nulls = new JsonObject();
    all.fieldNames().forEach(nulls::putNull);
    assertThat(state(patch(nulls))).isEqualTo("AVAILABLE");
    JsonObject within = new JsonObject().putNull("enabled").putNull("poolMode");
    assertThat(state(patch(new JsonObject().put("connectionPooler", within))))
        .isEqualTo("AVAILABLE");
    assertThat(shown()).isEqualTo(all);
  }

  @Test
  void aSizeThatNobodyCouldAskForHereMayStayAsItIs() {
    String id =
        client
            .post(
                "/v1/databases",
                new JsonObject().put("name", "small").put("region", "fsn1").put("tier", "free"))
            .json()
            .getString("id");
    Instance row = server.store.instances().find(id.substring(id.length() - 8)).blockingGet();
    server.finish(row);
    path = CLUSTERS + "/" + row.id();
    assertThat(state(patch(shown()))).isEqualTo("AVAILABLE");
    assertThat(row(path).spec().cpuMilli()).isEqualTo(250);
    invalid(patch(new JsonObject().put("ram", 512)), "properties.ram must be a multiple of 1024");
    assertThat(state(patch(shown().put("cores", 2).put("ram", 2048)))).isEqualTo("BUSY");
    assertThat(row(path).spec().memoryMib()).isEqualTo(2048);
    assertThat(row(path).spec().storageMib()).isEqualTo(500);
  }

  @Test
  void connectionsAreUnchangedWhenNullAndRemovedWhenEmpty() {
    JsonArray before = shown().getJsonArray("connections");
    assertThat(state(patch(new JsonObject().putNull("connections")))).isEqualTo("AVAILABLE");
    assertThat(shown().getJsonArray("connections")).isEqualTo(before).hasSize(1);

    Answer removed = patch(new JsonObject().put("connections", new JsonArray()));
    assertThat(state(removed)).isEqualTo("BUSY");
    assertThat(properties(removed).getJsonArray("connections")).isEmpty();
    assertThat(row(path).operation().kind()).isEqualTo(OperationKind.UPDATE);
    finish(path);

    JsonArray other = new JsonArray().add(connection().put("cidr", "10.0.0.7/24"));
    assertThat(state(patch(new JsonObject().put("connections", other)))).isEqualTo("BUSY");
    assertThat(shown().getJsonArray("connections")).isEqualTo(other);
  }

  @Test
  void standbysAndTheWayTheyFollowAreChangedTogether() {
    JsonObject strict =
        new JsonObject().put("instances", 3).put("synchronizationMode", "STRICTLY_SYNCHRONOUS");
    assertThat(state(patch(strict))).isEqualTo("BUSY");
    assertThat(row(path).operation().kind()).isEqualTo(OperationKind.RESIZE);
    assertThat(row(path).setup().replication()).isEqualTo(Replication.STRICTLY_SYNCHRONOUS);
    finish(path);
    assertThat(state(patch(strict))).as("an equal wish").isEqualTo("AVAILABLE");

    assertThat(state(patch(new JsonObject().put("synchronizationMode", "ASYNCHRONOUS"))))
        .isEqualTo("BUSY");
    assertThat(row(path).operation().kind()).isEqualTo(OperationKind.UPDATE);
    finish(path);
    assertThat(shown().getInteger("instances")).isEqualTo(3);
    assertThat(shown().getString("synchronizationMode")).isEqualTo("ASYNCHRONOUS");
  }

  @Test
  void changesWhatIsKept() {
    JsonObject window = new JsonObject().put("time", "03:00:00").put("dayOfTheWeek", "Friday");
    Answer answer =
        patch(
            new JsonObject()
                .put("displayName", "Store")
                .put("maintenanceWindow", window)
                .put("synchronizationMode", "SYNCHRONOUS")
                .put(
                    "connectionPooler",
                    new JsonObject().putNull("enabled").put("poolMode", "session")));
    assertThat(state(answer)).isEqualTo("BUSY");
    finish(path);
    JsonObject shown = shown();
    assertThat(shown.getString("displayName")).isEqualTo("Store");
    assertThat(shown.getJsonObject("maintenanceWindow")).isEqualTo(window);
    assertThat(shown.getString("synchronizationMode")).isEqualTo("SYNCHRONOUS");
    assertThat(shown.getJsonObject("connectionPooler").getString("poolMode")).isEqualTo("session");
    assertThat(row(path).handle()).as("it keeps its handle").isEqualTo("shop");
    String short_ = row(path).shortId();
    assertThat(client.get("/v1/databases/db-" + short_).json().getString("name"))
        .isEqualTo("Store");
  }

  @Test
  void nothingChangesWhileItIsBusy() {
    patch(new JsonObject().put("cores", 3));
    for (JsonObject change :
        List.of(
            new JsonObject().put("cores", 4),
            new JsonObject().put("displayName", "other"),
            new JsonObject().put("connections", new JsonArray()))) {
      Answer answer = patch(change);
      refused(answer, 409, "conflict");
      assertThat(answer.error()).isEqualTo("the cluster is BUSY and cannot be changed now");
    }
    assertThat(state(patch(new JsonObject().put("cores", 3)))).as("no change").isEqualTo("BUSY");
    String created = create(client, asked("new"));
    refused(
        client.patch(created, body(new JsonObject().put("displayName", "other"))), 409, "conflict");
  }

  @Test
  void aStoppedOneCanGetAnotherSize() {
    String database = "/v1/databases/db-" + row(path).shortId();
    assertThat(client.post(database + "/stop").status()).isEqualTo(200);
    finish(path);
    refused(patch(new JsonObject().put("displayName", "other")), 409, "conflict");
    assertThat(state(patch(new JsonObject().put("cores", 4)))).isEqualTo("BUSY");
    finish(path);
    assertThat(state(client.get(path))).isEqualTo("DEGRADED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cores               | 0         | must be between 1 and 1024",
        "cores               | \"2\"     | must be an integer",
        "ram                 | 4097      | must be a multiple of 1024, at least 2048",
        "ram                 | 1024      | must be a multiple of 1024, at least 2048",
        "storageSize         | 20479     | must not be less than the present 20480",
        "storageSize         | 2097153   | must be between 2048 and 2097152",
        "instances           | 6         | must be between 1 and 5",
        "postgresVersion     | \"15\"    | must be one of 16, 17",
        "postgresVersion     | \"18\"    | must be one of 16, 17",
        "postgresVersion     | 17        | must be a string",
        "displayName         | \"\"      | must be 1 to 63 characters long",
        "connections         | \"x\"     | must be an array",
        "synchronizationMode | \"NONE\"  | must be one of ASYNCHRONOUS, SYNCHRONOUS,"
            + " STRICTLY_SYNCHRONOUS",
        "storageType         | \"HDD\"   | cannot be changed",
        "location            | \"mars\"  | cannot be changed",
        "backupLocation      | \"de\"    | cannot be changed",
        "credentials         | {}        | cannot be changed",
        "fromBackup          | {}        | cannot be changed",
      })
  void refusesBadValuesByName(String property, String value, String message) {
    JsonObject before = shown();
    String sent = body(new JsonObject().put(property, "@@")).encode().replace("\"@@\"", value);
    Answer answer = client.send("PATCH", path, sent, "Content-Type", "application/json");
    invalid(answer, "properties." + property + " " + message);
    assertThat(shown()).isEqualTo(before);
  }

  @Test
  void aChangeThatHasFailedIsTriedAgainWithEqualValues() {
    JsonObject more = new JsonObject().put("cores", 8);
    assertThat(state(patch(more))).isEqualTo("BUSY");
    Instance failed = server.fail(row(path), "no room");
    assertThat(failed.spec().cpuMilli()).isEqualTo(8_000);
    assertThat(state(client.get(path))).isEqualTo("FAILED");
    assertThat(state(patch(more))).isEqualTo("BUSY");
    assertThat(row(path).operation().kind()).isEqualTo(OperationKind.RESIZE);
    finish(path);
    assertThat(state(patch(more))).isEqualTo("AVAILABLE");
  }

  @Test
  void settingsThatDoNotFitLessMemoryGo() {
    String database = "/v1/databases/" + row(path).objectName();
    JsonObject settings = new JsonObject().put("shared_buffers", "2GB").put("work_mem", "8MB");
    Answer set = client.patch(database + "/configuration", settings);
    assertThat(set.status()).as(set.body().toString()).isEqualTo(200);
    finish(path);
    assertThat(state(patch(new JsonObject().put("ram", 2048)))).isEqualTo("BUSY");
    assertThat(row(path).setup().parameters()).containsOnly(Map.entry("work_mem", "8MB"));
  }

  @Test
  void aPoolerComesChangesItsModeAndGoes() {
    pooler(new JsonObject().put("enabled", true), PoolMode.TRANSACTION);
    pooler(new JsonObject().put("poolMode", "session"), PoolMode.SESSION);
    assertThat(state(patch(shown()))).isEqualTo("AVAILABLE");
    pooler(new JsonObject().put("enabled", false), null);
    assertThat(shown().getJsonObject("connectionPooler"))
        .isEqualTo(new JsonObject().put("enabled", false).put("poolMode", "session"));
    pooler(new JsonObject().put("enabled", true), PoolMode.SESSION);
  }

  private void pooler(JsonObject asked, PoolMode wanted) {
    assertThat(state(patch(new JsonObject().put("connectionPooler", asked)))).isEqualTo("BUSY");
    assertThat(row(path).setup().pooler()).isEqualTo(wanted);
    finish(path);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    assertThat(shown().getJsonObject("connectionPooler").getBoolean("enabled"))
        .isEqualTo(wanted != null);
  }

  @Test
  void refusesBadValuesWithin() {
    invalid(
        patch(
            new JsonObject()
                .put(
                    "connections",
                    new JsonArray().add(connection().put("cidr", "192.168.230.9/32")))),
        "properties.connections[0].cidr must not overlap");
    invalid(
        patch(new JsonObject().put("maintenanceWindow", new JsonObject().put("time", "01:00:00"))),
        "properties.maintenanceWindow.dayOfTheWeek is required");
    Answer several = patch(new JsonObject().put("ram", 5000).put("storageSize", 4096));
    refused(several, 422, "validation-failed");
    assertThat(several.messages()).hasSize(2);
    invalid(client.patch(path, new JsonObject()), "properties is required");
  }

  @Test
  void standbysCanBeAskedFor() {
    Answer answer = patch(new JsonObject().put("instances", 3));
    assertThat(state(answer)).isEqualTo("BUSY");
    assertThat(row(path).spec().instances()).isEqualTo(3);
    assertThat(row(path).attributes()).containsAllEntriesOf(Map.of("storageType", "SSD Premium"));
  }

  @Test
  void anUpgradeIsBusyInItsOwnAnswerAndHasABackupOfItsOwn() {
    Instance before = row(path);
    server.api.backups.first.put(before.id(), before.createdAt());
    Answer answer = patch(shown().put("postgresVersion", "17"));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(state(answer)).isEqualTo("BUSY");
    assertThat(properties(answer).getString("postgresVersion")).isEqualTo("17");
    Instance row = row(path);
    assertThat(row.operation().kind()).isEqualTo(OperationKind.UPGRADE);
    assertThat(row.archiveName()).isEqualTo(row.objectName() + "-pg17");
    assertThat(state(patch(new JsonObject().put("postgresVersion", "17"))))
        .as("the same once more")
        .isEqualTo("BUSY");
    finish(path);
    assertThat(state(client.get(path))).isEqualTo("AVAILABLE");
    server.api.backups.archives.put(row.objectName(), before.createdAt());
    server.api.backups.first.remove(before.id());
    server.api.backups.archives.put(row.archiveName(), row.operation().startedAt());
    JsonArray backups = client.get(path + "/backups").json().getJsonArray("items");
    assertThat(backups.stream().map(one -> ((JsonObject) one).getJsonObject("properties")))
        .extracting(one -> one.getString("version") + " " + one.getBoolean("isActive"))
        .containsExactly("17 true", "16 false");
    String old = backups.getJsonObject(1).getString("id");
    assertOfItsVersionOnly(old);
  }

  /** What was backed up before cannot be restored past the upgrade; a new cluster can have it. */
  private void assertOfItsVersionOnly(String backup) {
    invalid(
        client.post(path + "/restore", new JsonObject().put("backupId", backup)),
        "backupId must be a backup of PostgreSQL 17");
    JsonObject from = new JsonObject().put("backupId", backup);
    JsonObject fresh = asked("copy");
    fresh.getJsonObject("properties").put("fromBackup", from).put("postgresVersion", "17");
    invalid(client.post(CLUSTERS, fresh), "properties.postgresVersion must be 16");
    fresh.getJsonObject("properties").put("postgresVersion", "16");
    Instance copy = row(create(client, fresh));
    assertThat(copy.setup().recovery().sourceName()).isEqualTo(row(path).objectName());
    assertThat(copy.spec().version()).isEqualTo("16");
  }

  @Test
  void onlyTheOfferedVersionsCanBeHadAndNothingElseWithThem() {
    for (String other : List.of("14", "15", "18", "99")) {
      invalid(
          patch(new JsonObject().put("postgresVersion", other)),
          "properties.postgresVersion must be one of 16, 17");
    }
    invalid(
        patch(new JsonObject().put("postgresVersion", "17").put("cores", 4)),
        "properties.postgresVersion cannot be changed together with other properties");
    invalid(
        patch(new JsonObject().put("postgresVersion", "17").put("displayName", "other")),
        "properties.postgresVersion cannot be changed together with other properties");
    assertThat(row(path).operation().kind()).isEqualTo(OperationKind.CREATE);
  }

  @Test
  void anUpgradeThatFailsLeavesTheVersionOfBefore() {
    JsonObject before = shown();
    assertThat(state(patch(new JsonObject().put("postgresVersion", "17")))).isEqualTo("BUSY");
    Instance claimed = server.claim(row(path));
    int attempt = claimed.operation().attempt();
    Instance undoing =
        server
            .store
            .operations()
            .undoing(claimed.operation().id(), attempt, "no", null)
            .blockingGet();
    server.api.feed.publish(undoing);
    assertThat(state(client.get(path))).isEqualTo("BUSY");
    server.api.feed.publish(
        server
            .store
            .operations()
            .revert(claimed.operation().id(), attempt, "no", null)
            .blockingGet());
    server.api.feed.observed(ApiOnStore.healthy(row(path), Long.MAX_VALUE));
    await().until(() -> state(client.get(path)).equals("AVAILABLE"));
    assertThat(shown()).isEqualTo(before);
    assertThat(row(path).setup().lineage()).isEqualTo(Lineage.FIRST);
    assertThat(state(patch(new JsonObject().put("postgresVersion", "17")))).isEqualTo("BUSY");
  }
}

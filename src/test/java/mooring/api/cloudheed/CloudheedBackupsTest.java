package mooring.api.cloudheed;

import static mooring.api.cloudheed.CloudheedAnswers.fieldsAtFault;
import static mooring.api.cloudheed.CloudheedAnswers.refused;
import static mooring.api.cloudheed.CloudheedBench.DATABASES;
import static mooring.api.cloudheed.CloudheedBench.asked;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mooring.api.ContractClient.Answer;
import mooring.core.Backup;
import mooring.core.Recovery;
import mooring.core.SeenBackup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups, restores and recoveries to a moment; what the platform shows is set by hand. */
class CloudheedBackupsTest extends CloudheedTestBase {
  private static final String NAME = "target_database_name";

  private String path;
  private String id;

  @BeforeEach
  void database() {
    path = bench.running(client, "shop");
    id = path.substring(DATABASES.length() + 1);
  }

  @AfterEach
  void offer() {
    bench.api.backups.offered = true;
  }

  private SeenBackup daily(String shortId, Instant at) {
    SeenBackup backup =
        new SeenBackup(
            shortId,
            bench.row(path).id(),
            false,
            Backup.Phase.COMPLETED,
            null,
            0,
            at,
            at,
            at.plusSeconds(240),
            14,
            "20260317T030000");
    bench.api.backups.seen.add(backup);
    return backup;
  }

  private JsonObject list(int index) {
    return client.get(path + "/backups").json().getJsonArray("backups").getJsonObject(index);
  }

  @Test
  void backsUpOneAtATime() {
    assertThat(client.get(path + "/backups").json().getJsonArray("backups")).isEmpty();
    Answer made = client.post(path + "/backups", new JsonObject().put("name", "before"));
    assertThat(made.status()).isEqualTo(202);
    assertThat(made.header("cache-control")).isEqualTo("private, no-cache");
    JsonObject json = made.json();
    assertThat(json.getString("id")).matches("backup-[0-9a-f]{8}");
    assertThat(json.getMap())
        .containsEntry("database_id", id)
        .containsEntry("instance_id", id)
        .containsEntry("name", "before")
        .containsEntry("type", "manual")
        .containsEntry("status", "in_progress")
        .containsEntry("size_bytes", 0)
        .containsEntry("expires_at", null)
        .doesNotContainKeys("completed_at");

    JsonObject second = client.post(path + "/backups").json();
    assertThat(second.getString("status")).isEqualTo("pending");
    assertThat(second.getValue("name")).isNull();
    assertThat(list(0).getString("id")).as("newest first").isEqualTo(second.getString("id"));

    bench.finishBackups(path);
    assertThat(list(1).getMap())
        .containsEntry("status", "completed")
        .containsEntry("size_bytes", 4096)
        .containsEntry("expires_at", null)
        .containsKeys("started_at", "completed_at");
  }

  @Test
  void takesABodyOrNone() {
    assertThat(client.post(path + "/backups").status()).isEqualTo(202);
    assertThat(client.post(path + "/backups", "").status()).isEqualTo(202);
    assertThat(client.post(path + "/backups", "{}").status()).isEqualTo(202);
    assertThat(client.post(path + "/backups", "{\"name\":null}").status()).isEqualTo(202);
    refused(client.send("POST", path + "/backups", "{}"), 415, "unsupported_media_type");
    refused(client.post(path + "/backups", "{"), 400, "validation_error");
    refused(client.post(path + "/backups", "[]"), 400, "validation_error");
    Answer typed = client.post(path + "/backups", "{\"name\":7}");
    refused(typed, 422, "validation_error");
    assertThat(fieldsAtFault(typed)).containsExactly("name");
  }

  @Test
  void showsDailyBackupsWithTheirEnd() {
    daily("0000d001", Instant.parse("2026-03-17T03:00:00Z"));
    assertThat(list(0))
        .isEqualTo(
            new JsonObject()
                .put("id", "backup-0000d001")
                .put("database_id", id)
                .put("instance_id", id)
                .put("name", null)
                .put("type", "automatic")
                .put("status", "completed")
                .put("size_bytes", 0)
                .put("created_at", "2026-03-17T03:00:00Z")
                .put("started_at", "2026-03-17T03:00:00Z")
                .put("completed_at", "2026-03-17T03:04:00Z")
                .put("expires_at", "2026-03-31T03:00:00Z"));
  }

  @Test
  void deletesManualBackupsOnly() {
    daily("0000d002", Instant.parse("2026-03-17T03:00:00Z"));
    String manual = client.post(path + "/backups").json().getString("id");
    assertThat(client.delete(path + "/backups/" + manual).status()).isEqualTo(204);
    refused(client.delete(path + "/backups/" + manual), 404, "resource_not_found");
    Answer automatic = client.delete(path + "/backups/backup-0000d002");
    refused(automatic, 403, "insufficient_permissions");
    for (String none : List.of("backup-ffffffff", "x", "db-00000000")) {
      Answer answer = client.delete(path + "/backups/" + none);
      refused(answer, 404, "resource_not_found");
      assertThat(answer.error()).isEqualTo("backup not found");
    }
  }

  @Test
  void saysWhereNoneCanBeMade() {
    bench.api.backups.offered = false;
    Answer answer = client.post(path + "/backups");
    refused(answer, 503, "maintenance_mode");
    assertThat(answer.header("retry-after")).isNotNull();
    assertThat(client.get(path + "/backups").status()).isEqualTo(200);
    refused(client.get(path + "/pitr/window"), 503, "maintenance_mode");
  }

  @Test
  void restoresIntoANewDatabase() {
    String backup = client.post(path + "/backups").json().getString("id");
    String restore = path + "/backups/" + backup + "/restore";
    refused(client.post(restore), 409, "resource_conflict");
    bench.finishBackups(path);
    Answer answer = client.post(restore, new JsonObject().put(NAME, "restored-db"));
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    JsonObject json = answer.json();
    String made = json.getString("id");
    String password = json.getString("password");
    assertThat(json.getMap())
        .containsEntry("name", "restored-db")
        .containsEntry("status", "pending")
        .containsEntry("backup_id", backup)
        .containsEntry("source_database_id", id)
        .containsEntry("target_database_name", "restored-db")
        .containsEntry(
            "connection_string",
            "postgresql://cloudheed:"
                + password
                + "@"
                + made
                + ".databases.svc:5432/postgres?sslmode=require");
    JsonObject shown = client.get(DATABASES + "/" + made).json();
    assertThat(shown.getMap())
        .containsEntry("name", "restored-db")
        .containsEntry("tier", "small")
        .containsEntry("version", "17")
        .containsEntry("region", "fsn1");
    var source = bench.row(path);
    var row = bench.row(made);
    assertThat(row.spec()).isEqualTo(source.spec());
    assertThat(row.setup().retentionDays()).isEqualTo(14);
    assertThat(row.setup().parameters()).isEqualTo(source.setup().parameters());
    assertThat(row.setup().recovery())
        .isEqualTo(
            new Recovery(
                source.id(),
                source.objectName(),
                0,
                "20260317T100000",
                null,
                row.setup().recovery().end()));
    assertThat(row.setup().recovery().end()).isNotNull();
    assertThat(client.get(path).json().getString("status")).isEqualTo("running");

    refused(
        client.post(restore, new JsonObject().put(NAME, "restored-db")), 409, "resource_conflict");
    Answer wrong = client.post(restore, new JsonObject().put(NAME, "No"));
    refused(wrong, 422, "validation_error");
    assertThat(fieldsAtFault(wrong)).containsExactly(NAME);
    refused(client.post(path + "/backups/x/restore"), 404, "resource_not_found");
  }

  @Test
  void oneThatIsNotWhereAllIsKeptExpiresAndIsRestoredFromWhereItIs() {
    String backup = client.post(path + "/backups").json().getString("id");
    bench.finishBackups(path, 14);
    JsonObject shown = list(0);
    Instant stopped = Instant.parse(shown.getString("completed_at"));
    assertThat(shown.getString("type")).isEqualTo("manual");
    assertThat(Instant.parse(shown.getString("expires_at")))
        .isEqualTo(stopped.plus(Duration.ofDays(14)));
    JsonObject restored = client.post(path + "/backups/" + backup + "/restore").json();
    assertThat(bench.row(restored.getString("id")).setup().recovery().retentionDays())
        .isEqualTo(14);
  }

  @Test
  void namesARestoredDatabaseByTheTime() {
    String plain = restoredName(path);
    assertThat(plain).matches("shop-[0-9]{14}");
    String longest = restoredName(bench.running(client, "a".repeat(47) + "-" + "b".repeat(15)));
    assertThat(longest).matches("a{47}-[0-9]{14}");
    JsonObject theirs =
        new JsonObject()
            .put("name", "7 Seas!")
            .put("db_type", "postgresql")
            .put("plan_id", "db-s-2vcpu-4gb")
            .put("region", "nyc1");
    String foreign = client.post("/api/v1/databases", theirs).json().getString("id");
    String at = DATABASES + "/db-" + foreign.substring(3);
    bench.finish(at);
    assertThat(restoredName(at)).matches("db-7-seas-[0-9]{14}");
  }

  private String restoredName(String source) {
    String backup = client.post(source + "/backups").json().getString("id");
    bench.finishBackups(source);
    Answer answer = client.post(source + "/backups/" + backup + "/restore");
    assertThat(answer.status()).isEqualTo(202);
    return answer.json().getString("name");
  }

  @Test
  void recoversAMomentIntoANewDatabase() {
    Instant first = Instant.now().minus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);
    bench.api.backups.first.put(bench.row(path).id(), first);
    JsonObject window = client.get(path + "/pitr/window").json();
    assertThat(window.getString("earliest_recovery_time")).isEqualTo(first.toString());
    assertThat(Instant.parse(window.getString("latest_recovery_time")))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());

    Instant moment = first.plusSeconds(3600);
    Answer answer =
        client.post(
            path + "/pitr",
            new JsonObject().put("target_time", moment.toString()).put(NAME, "before"));
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    JsonObject json = answer.json();
    String made = json.getString("restored_database_id");
    String recovery = json.getString("id");
    assertThat(recovery).isEqualTo("pitr-" + made.substring(3));
    String poll = path + "/pitr/" + recovery;
    assertThat(answer.header("location")).isEqualTo(poll);
    assertThat(json.getMap())
        .containsEntry("database_id", id)
        .containsEntry("target_time", moment.toString())
        .containsEntry("target_database_name", "before")
        .containsEntry("status", "in_progress");
    assertThat(json.getString("connection_string")).contains(json.getString("password"));
    var source = bench.row(path);
    assertThat(bench.row(made).setup().recovery())
        .isEqualTo(new Recovery(source.id(), source.objectName(), 14, null, moment));

    Answer under = client.get(poll);
    assertThat(under.body().toString()).doesNotContain(json.getString("password"));
    assertThat(under.json().getMap())
        .containsEntry("status", "in_progress")
        .doesNotContainKeys("completed_at", "password");
    assertThat(client.get(poll, "If-None-Match", under.header("etag")).status()).isEqualTo(304);
    bench.finish(DATABASES + "/" + made);
    assertThat(client.get(poll).json().getMap())
        .containsEntry("status", "completed")
        .containsEntry("restored_database_id", made)
        .containsKey("completed_at");
    client.post(DATABASES + "/" + made + "/stop");
    assertThat(client.get(poll).json().getString("status")).isEqualTo("completed");
  }

  @Test
  void showsARecoveryThatFailed() {
    bench.api.backups.first.put(bench.row(path).id(), Instant.now().minusSeconds(600));
    String moment = Instant.now().minusSeconds(60).toString();
    JsonObject json =
        client.post(path + "/pitr", new JsonObject().put("target_time", moment)).json();
    String made = json.getString("restored_database_id");
    bench.fail(DATABASES + "/" + made, "no room");
    String poll = path + "/pitr/" + json.getString("id");
    assertThat(client.get(poll).json().getString("status")).isEqualTo("failed");
  }

  @Test
  void findsNoRecoveryThatIsNone() {
    String other = bench.running(client, "other").substring(DATABASES.length() + 4);
    for (String none : List.of("pitr-ffffffff", "pitr-" + other, "x", "db-" + other)) {
      Answer answer = client.get(path + "/pitr/" + none);
      refused(answer, 404, "resource_not_found");
      assertThat(answer.error()).isEqualTo("recovery not found");
    }
  }

  @Test
  void refusesMomentsOutsideTheWindow() {
    refused(
        client.post(path + "/pitr", new JsonObject().put("target_time", Instant.now().toString())),
        503,
        "maintenance_mode");
    bench.api.backups.first.put(bench.row(path).id(), Instant.now().minus(Duration.ofDays(20)));
    Instant now = Instant.now();
    for (String moment :
        List.of(
            now.plusSeconds(3600).toString(),
            now.minus(Duration.ofDays(8)).toString(),
            "yesterday",
            "2026-03-17",
            "2026-03-17T09:30:00",
            "2026-02-30T09:30:00Z",
            "")) {
      Answer answer = client.post(path + "/pitr", new JsonObject().put("target_time", moment));
      refused(answer, 422, "validation_error");
      assertThat(fieldsAtFault(answer)).as(moment).containsExactly("target_time");
      assertThat(answer.error()).startsWith("target_time must");
    }
    assertThat(fieldsAtFault(client.post(path + "/pitr", new JsonObject())))
        .containsExactly("target_time");
    String inAZone = now.minusSeconds(7200).toString().replace("Z", "+00:00");
    assertThat(client.post(path + "/pitr", new JsonObject().put("target_time", inAZone)).status())
        .isEqualTo(202);
  }

  @Test
  void smallTiersIncludeNoRecovery() {
    for (String tier : List.of("free", "micro")) {
      String at = bench.running(client, asked("a-" + tier).put("tier", tier));
      Answer answer =
          client.post(at + "/pitr", new JsonObject().put("target_time", Instant.now().toString()));
      refused(answer, 402, "payment_required");
      refused(client.get(at + "/pitr/window"), 402, "payment_required");
    }
  }
}

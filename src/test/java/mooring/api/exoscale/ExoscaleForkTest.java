package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mooring.core.Backup;
import mooring.core.Instance;
import mooring.core.OperationKind;
import mooring.core.Recovery;
import mooring.core.SeenBackup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services made of others' backups, and what else is done with a whole service. */
class ExoscaleForkTest extends ExoscaleTestBase {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant earliest = now.minus(2, ChronoUnit.HOURS);
  private static final String COPY = POSTGRES + "copy";

  private Instance source;

  @BeforeEach
  void service() {
    source = running("orders");
  }

  @Test
  void aForkHoldsAllThereIs() {
    server.api.backups.first.put(source.id(), earliest);
    pending(client.post(COPY, asked()));
    assertThat(row("copy").setup().recovery())
        .isEqualTo(new Recovery(source.id(), source.clusterName(), 3, null, null));
    assertThat(row("copy").owner()).isEqualTo("avnadmin");
    assertThat(row("copy").database()).isEqualTo("defaultdb");
  }

  @Test
  void aForkHoldsWhatThereWasAtAMoment() {
    server.api.backups.first.put(source.id(), earliest);
    Instant moment = now.minus(1, ChronoUnit.HOURS);
    pending(client.post(COPY, asked().put("recovery-backup-time", moment.toString())));
    assertThat(row("copy").setup().recovery().moment()).isEqualTo(moment);
    invalid(
        client.post(
            POSTGRES + "early",
            asked().put("recovery-backup-time", earliest.minusSeconds(1).toString())),
        "$['recovery-backup-time']",
        "must lie after");
  }

  @Test
  void theTimeOfABackupIsThatBackup() {
    backedUp(earliest.plusMillis(300));
    pending(client.post(COPY, asked().put("recovery-backup-time", listed())));
    assertThat(row("copy").setup().recovery())
        .isEqualTo(
            new Recovery(
                source.id(),
                source.clusterName(),
                7,
                "20260318T031200",
                null,
                earliest.plusMillis(300)));
  }

  @Test
  void aForkOfABackupHasTheUsersAndDatabasesThatAreInIt() {
    JsonObject user = new JsonObject().put("username", "reader");
    pending(client.post(POSTGRES + "orders/user", user));
    finish("orders");
    backedUp(Instant.now());
    JsonObject database = new JsonObject().put("database-name", "sales");
    pending(client.post(POSTGRES + "orders/database", database));
    finish("orders");
    pending(client.post(COPY, asked().put("recovery-backup-time", listed())));
    JsonObject copy = client.get(COPY).json();
    assertThat(copy.getJsonArray("databases")).containsExactly("defaultdb");
    assertThat(users(copy)).containsExactly("avnadmin", "reader");
    pending(client.post(POSTGRES + "all", asked()));
    JsonObject all = client.get(POSTGRES + "all").json();
    assertThat(all.getJsonArray("databases")).containsExactly("defaultdb", "sales");
  }

  private static List<String> users(JsonObject service) {
    return service.getJsonArray("users").stream()
        .map(one -> ((JsonObject) one).getString("username"))
        .toList();
  }

  private void backedUp(Instant completed) {
    server.api.backups.first.put(source.id(), earliest);
    server.api.backups.seen.add(
        new SeenBackup(
            "0000000a",
            source.id(),
            false,
            Backup.Phase.COMPLETED,
            null,
            7,
            earliest,
            earliest,
            completed,
            7,
            "20260318T031200"));
  }

  /** The time that a backup is listed with. */
  private String listed() {
    return client
        .get(POSTGRES + "orders")
        .json()
        .getJsonArray("backups")
        .getJsonObject(0)
        .getString("backup-time");
  }

  @ParameterizedTest
  @CsvSource({
    "version,16,version,must be 18",
    "admin-username,other,admin-username,must be avnadmin",
    "plan,hobbyist-2,plan,no smaller disk",
    "recovery-backup-time,yesterday,recovery-backup-time,RFC 3339"
  })
  void aForkIsLikeItsSource(String member, String value, String location, String message) {
    server.api.backups.first.put(source.id(), earliest);
    invalid(client.post(COPY, asked().put(member, value)), "$['" + location + "']", message);
  }

  @Test
  void aForkNeedsABackupOfAService() {
    invalid(client.post(COPY, asked()), "$['fork-from-service']", "must have a backup");
    refused(client.post(COPY, asked().put("fork-from-service", "none")), 404, "service not found");
    refused(newTenant().post(COPY, asked()), 404, "service not found");
    JsonObject without = new JsonObject().put("plan", "startup-4");
    invalid(
        client.post(COPY, without.put("recovery-backup-time", now.toString())),
        "$['recovery-backup-time']",
        "needs fork-from-service");
    invalid(
        client.post(COPY, asked().put("recovery-backup-time", "")),
        "$['recovery-backup-time']",
        "recovery-backup-time must not be empty");
  }

  /** Its archive goes on: another one would have nothing to be forked from. */
  @Test
  void anotherPlanKeepsTheBackupsThereAre() {
    int days = source.setup().retentionDays();
    pending(client.put(POSTGRES + "orders", new JsonObject().put("plan", "premium-8")));
    Instance changed = finish("orders");
    assertThat(changed.setup().retentionDays()).isEqualTo(days);
    assertThat(changed.archiveName()).isEqualTo(source.archiveName());
  }

  @Test
  void maintenanceIsARestart() {
    String operation = pending(client.send("PUT", POSTGRES + "orders/maintenance/start", null));
    assertThat(row("orders").operation().kind()).isEqualTo(OperationKind.RESTART);
    assertThat(row("orders").setup().image()).isNull();
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isEqualTo("rebuilding");
    refused(client.send("PUT", POSTGRES + "orders/maintenance/start", null), 409, "is rebuilding");
    finish("orders");
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    server.api.newer.put(source.id(), "postgresql:18.9");
    pending(client.send("PUT", POSTGRES + "orders/maintenance/start", null));
    assertThat(row("orders").setup().image()).isEqualTo("postgresql:18.9");
    refused(client.send("PUT", POSTGRES + "none/maintenance/start", null), 404, "not found");
  }

  private static JsonObject asked() {
    return new JsonObject().put("plan", "startup-4").put("fork-from-service", "orders");
  }
}

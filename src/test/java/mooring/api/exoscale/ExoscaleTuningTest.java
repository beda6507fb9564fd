package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.Offer;
import mooring.core.OperationKind;
import mooring.core.Place;
import mooring.core.SourceAddresses;
import mooring.core.Upgrades;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings and rules of services. */
class ExoscaleTuningTest extends ExoscaleTestBase {
  private static final String ORDERS = POSTGRES + "orders";

  @Test
  void settingsAreKeptWithTheirGroupsAndMerged() {
    pending(
        client.post(
            ORDERS,
            new JsonObject()
                .put("plan", "startup-4")
                .put("work-mem", 12)
                .put("shared-buffers-percentage", 40)
                .put("pg-settings", new JsonObject().put("autovacuum_max_workers", 5))
                .put("pgbouncer-settings", new JsonObject().put("min_pool_size", 1))
                .put("timescaledb-settings", new JsonObject().put("max_background_workers", 8))));
    Instance made = finish("orders");
    assertThat(made.setup().parameters())
        .containsEntry("autovacuum_max_workers", "5")
        .containsEntry("work_mem", "12MB");
    assertThat(made.setup().policy().sharedBuffersPercentage()).isEqualTo(40);
    JsonObject pg =
        new JsonObject().put("autovacuum", new JsonObject().put("autovacuum_max_workers", 5));
    assertThat(service().getJsonObject("pg-settings")).isEqualTo(pg);
    assertThat(service().getInteger("work-mem")).isEqualTo(12);
    pending(put("pg-settings", new JsonObject().put("jit", true)));
    finish("orders");
    assertThat(service().getJsonObject("pg-settings")).isEqualTo(pg.put("jit", true));
    pending(put("pg-settings", new JsonObject().putNull("jit")));
    assertThat(finish("orders").setup().parameters()).doesNotContainKey("jit");
    Answer nothing = client.put(ORDERS, new JsonObject());
    assertThat(nothing.json().getString("state")).isEqualTo("success");
  }

  @Test
  void integersAreShownAsSuch() {
    Instance unused = running("orders");
    String asked =
        "{\"pg-settings\": {\"deadlock_timeout\": 1e3, \"wal\": {\"max_wal_senders\": 3.0e1},"
            + " \"autovacuum_vacuum_scale_factor\": 0.5}, \"pgbouncer-settings\":"
            + " {\"server_lifetime\": 120.0}, \"work-mem\": 8.0}";
    pending(client.put(ORDERS, new JsonObject(asked)));
    assertThat(finish("orders").setup().parameters())
        .containsEntry("deadlock_timeout", "1000")
        .containsEntry("max_wal_senders", "30");
    String shown = client.get(ORDERS).body().toString();
    assertThat(shown)
        .contains("\"deadlock_timeout\":1000,")
        .contains("\"max_wal_senders\":30}")
        .contains("\"autovacuum_vacuum_scale_factor\":0.5}")
        .contains("\"server_lifetime\":120}")
        .contains("\"work-mem\":8,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"pg-settings\": {\"nothing\": 1}} | $['pg-settings']['nothing'] | is not a setting",
        "{\"pg-settings\": {\"wal\": {\"max_wal_senders\": 1}}} |"
            + " $['pg-settings']['wal']['max_wal_senders'] | between 20 and 256",
        "{\"pg-settings\": {\"max_prepared_transactions\": 10000, \"max_locks_per_transaction\":"
            + " 6400}} | $['pg-settings']['max_locks_per_transaction'] | at most 1024 MiB of the"
            + " memory",
        "{\"maintenance\": {\"dow\": \"monday\", \"time\": \"04:30:00\\n"
            + "\"}} | $['maintenance']['time'] | a time like",
        "{\"work-mem\": 2000} | $['work-mem'] | between 1 and 1024",
        "{\"shared-buffers-percentage\": 10} | $['shared-buffers-percentage'] | between 20 and 60",
        "{\"ip-filter\": [\"10.0.0.0/8\", \"here\"]} | $['ip-filter'][1] | CIDR block",
        "{\"backup-schedule\": {\"backup-hour\": 24}} | $['backup-schedule']['backup-hour'] |"
            + " between 0 and 23",
      })
  void whatIsRefusedIsNamedByItsPath(String body, String location, String message) {
    JsonObject asked = new JsonObject(body);
    invalid(
        client.post(POSTGRES + "refused", asked.copy().put("plan", "startup-4")),
        location,
        message);
    Instance unused = running("orders");
    invalid(client.put(ORDERS, asked), location, message);
  }

  @Test
  void whatNeedsARestartIsRealAfterOneOnly() {
    Instance made = running("orders");
    pending(put("pg-settings", new JsonObject().put("jit", false)));
    assertThat(row("orders").operation().kind()).isEqualTo(OperationKind.UPDATE);
    assertThat(finish("orders").setup().restartedAt()).isEqualTo(made.setup().restartedAt());
    for (JsonObject asked :
        List.of(
            new JsonObject().put("pg-settings", new JsonObject().put("max_worker_processes", 64)),
            new JsonObject().put("shared-buffers-percentage", 40),
            new JsonObject()
                .put(
                    "pgaudit-settings",
                    new JsonObject()
                        .put("feature_enabled", true)
                        .put("log", new JsonArray().add("ddl"))))) {
      Instance before = row("orders");
      pending(client.put(ORDERS, asked));
      Instance after = row("orders");
      assertThat(after.operation().kind()).as("%s", asked).isEqualTo(OperationKind.RESTART);
      assertThat(after.setup().restartedAt()).isNotEqualTo(before.setup().restartedAt());
      assertThat(service().getString("state")).isEqualTo("rebuilding");
      finish("orders");
    }
    pending(put("plan", "business-4"));
    finish("orders");
    pending(put("pg-settings", new JsonObject().put("max_worker_processes", 65)));
    assertThat(service().getString("state")).isEqualTo("rebalancing");
    refused(put("work-mem", 9), 409, "the service is rebalancing and cannot be changed now");
    finish("orders");
  }

  @Test
  void aPlanThatIsTooSmallForTheLocksIsRefused() {
    pending(
        client.post(
            ORDERS,
            new JsonObject()
                .put("plan", "startup-8")
                .put(
                    "pg-settings",
                    new JsonObject()
                        .put("max_locks_per_transaction", 4000)
                        .put("max_prepared_transactions", 500))));
    finish("orders");
    invalid(put("plan", "startup-4"), "$['plan']", "to the tables of locks");
    pending(put("plan", "startup-16"));
    assertThat(finish("orders").setup().parameters())
        .containsEntry("max_locks_per_transaction", "4000");
  }

  @Test
  void theSchemasAreServed() {
    Answer answer = client.get("/v2/dbaas-settings-pg");
    assertThat(answer.status()).isEqualTo(200);
    JsonObject pg = answer.json().getJsonObject("settings").getJsonObject("pg");
    assertThat(pg.getJsonObject("properties").fieldNames())
        .contains("autovacuum", "autovacuum_max_workers", "jit");
  }

  @Test
  void theRulesOfAServiceAreKept() {
    pending(
        client.post(
            ORDERS,
            new JsonObject()
                .put("plan", "startup-4")
                .put("ip-filter", new JsonArray().add("10.0.0.0/8"))
                .put("backup-schedule", new JsonObject().put("backup-hour", 4))));
    finish("orders");
    assertThat(service().getJsonArray("ip-filter")).isEqualTo(new JsonArray().add("10.0.0.0/8"));
    assertThat(service().getJsonObject("backup-schedule"))
        .isEqualTo(new JsonObject().put("backup-hour", 4).put("backup-minute", 0));
    pending(put("backup-schedule", new JsonObject().put("backup-minute", 30)));
    assertThat(finish("orders").setup().policy().backupTime()).isEqualTo(LocalTime.of(4, 30));
    pending(
        put("backup-schedule", new JsonObject().putNull("backup-hour").putNull("backup-minute")));
    assertThat(finish("orders").setup().policy().backupTime()).isNull();
    pending(put("ip-filter", new JsonArray()));
    finish("orders");
    assertThat(service().getJsonArray("ip-filter")).isEmpty();
  }

  @Test
  void theMaintenanceWindowIsOneForAllApis() {
    pending(
        client.post(
            ORDERS,
            new JsonObject().put("plan", "startup-4").put("maintenance", window("monday"))));
    Instance made = finish("orders");
    var ionos = stranger.as(server.token(tenant, "dkc_live_"));
    String cluster = "/databases/postgresql/clusters/" + made.id();
    assertThat(shown()).isEqualTo(window("monday").put("updates", new JsonArray()));
    JsonObject properties = ionos.get(cluster).json().getJsonObject("properties");
    assertThat(properties.getJsonObject("maintenanceWindow"))
        .isEqualTo(new JsonObject().put("time", "04:30:00").put("dayOfTheWeek", "Monday"));
    pending(put("maintenance", window("never")));
    assertThat(finish("orders").setup().policy().maintenance().never()).isTrue();
    assertThat(shown().getString("dow")).isEqualTo("never");
    JsonObject other = new JsonObject().put("time", "06:00:00").put("dayOfTheWeek", "Friday");
    assertThat(
            ionos
                .patch(
                    cluster,
                    new JsonObject()
                        .put("properties", new JsonObject().put("maintenanceWindow", other)))
                .status())
        .isEqualTo(200);
    finish("orders");
    assertThat(shown().getString("dow")).isEqualTo("friday");
    invalid(
        put("maintenance", window("monday").put("time", "24:00:00")),
        "$['maintenance']['time']",
        "must be a time like");
    invalid(
        put("maintenance", new JsonObject().put("dow", "monday")),
        "$['maintenance']['time']",
        "is required");
  }

  private static JsonObject window(String day) {
    return new JsonObject().put("dow", day).put("time", "04:30:00");
  }

  private JsonObject shown() {
    return service().getJsonObject("maintenance");
  }

  @Test
  void aProtectedServiceIsNotDeleted() {
    pending(
        client.post(
            ORDERS, new JsonObject().put("plan", "startup-4").put("termination-protection", true)));
    refused(client.delete(ORDERS), 409, "the service is protected");
    // Whatever else is under way.
    assertThat(put("termination-protection", false).json().getString("state")).isEqualTo("success");
    assertThat(put("termination-protection", true).json().getString("state")).isEqualTo("success");
    finish("orders");
    Answer off = put("termination-protection", false);
    assertThat(off.json().getString("state")).isEqualTo("success");
    assertThat(operation(off.json().getString("id"))).isEqualTo(off.json());
    assertThat(service().getBoolean("termination-protection")).isFalse();
    assertThat(put("termination-protection", true).json().getString("state")).isEqualTo("success");
    refused(client.delete("/v2/dbaas-service/orders"), 409, "the service is protected");
    assertThat(put("termination-protection", false).status()).isEqualTo(200);
    pending(client.delete(ORDERS));
  }

  @Test
  void protectionComesWithWhatElseIsAsked() {
    running("orders");
    JsonObject both = new JsonObject().put("work-mem", 6).put("termination-protection", true);
    Offer offer = Offer.standard();
    ExoscaleRequests requests =
        new ExoscaleRequests(
            offer,
            List.of(Place.DEFAULT),
            new Upgrades(offer, Set::of),
            new SourceAddresses(List.of()));
    assertThat(
            requests
                .revised(row("orders"), both, Instant.EPOCH)
                .setup()
                .policy()
                .deletionProtected())
        .isTrue();
    pending(client.put(ORDERS, both));
    assertThat(row("orders").setup().policy().deletionProtected()).isTrue();
    refused(
        client.put(ORDERS, both.copy().put("termination-protection", false).put("work-mem", 7)),
        409,
        "another operation is running");
    assertThat(row("orders").setup().policy().deletionProtected()).isTrue();
    finish("orders");
  }

  @Test
  void whatIsBeingDeletedIsNotProtected() {
    running("orders");
    pending(client.delete(ORDERS));
    refused(put("termination-protection", true), 409, "the service is being deleted");
    assertThat(row("orders").setup().policy().deletionProtected()).isFalse();
  }

  private Answer put(String member, Object value) {
    return client.put(ORDERS, new JsonObject().put(member, value));
  }

  private JsonObject service() {
    return client.get(ORDERS).json();
  }
}

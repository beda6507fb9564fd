package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.ServerInventory.Inventory;
import mooring.core.ServerInventory.Within;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upgrades that are looked into before they are asked for. */
class ExoscaleUpgradeCheckTest extends ExoscaleTestBase {
  private static final String CHECK = POSTGRES + "orders/upgrade-check";

  private Instance service;

  @BeforeEach
  void service() {
    String unused =
        create("orders", new JsonObject().put("plan", "startup-4").put("version", "15"));
    service = finish("orders");
  }

  @Test
  void nothingInTheWayIsASuccessThatSaysWhatWasNotChecked() {
    holds(false, false, List.of("plpgsql", "pg_trgm", "postgis"));
    JsonObject task = check("17");
    assertThat(task.getString("task-type")).isEqualTo("upgrade_check");
    assertThat(task.getBoolean("success")).isTrue();
    assertThat(task.getJsonArray("result-codes")).isEmpty();
    assertThat(task.getString("result"))
        .contains(
            "Not checked: whether the image of 17 has the extension postgis of the database"
                + " defaultdb")
        .doesNotContain("pg_trgm")
        .contains("the extensions of the database private");
  }

  @Test
  void whatTheServerHoldsCanBeInTheWay() {
    holds(true, true, List.of("adminpack"));
    JsonObject task = check("17");
    assertThat(task.getBoolean("success")).isFalse();
    assertThat(task.getJsonArray("result-codes"))
        .isEqualTo(
            new JsonArray()
                .add(new JsonObject().put("code", "restart_pending"))
                .add(new JsonObject().put("code", "prepared_transactions"))
                .add(
                    new JsonObject()
                        .put("code", "extension_not_available")
                        .put("dbname", "defaultdb")));
    assertThat(check("16").getString("result")).doesNotContain("adminpack");
  }

  /** There is no image of 18 here. */
  @ParameterizedTest
  @CsvSource({"15,version_not_higher", "14,version_not_higher", "18,version_not_offered"})
  void onlyAnUpgradeThatIsOfferedCanSucceed(String target, String code) {
    holds(false, false, List.of());
    JsonObject task = check(target);
    assertThat(task.getBoolean("success")).isFalse();
    assertThat(task.getJsonArray("result-codes"))
        .isEqualTo(new JsonArray().add(new JsonObject().put("code", code)));
  }

  @Test
  void whatThisInstallationLacksIsInTheWay() {
    holds(false, false, List.of());
    server.api.lacking.put(service.id(), "the programs of PostgreSQL 17 are missing");
    JsonObject task = check("17");
    assertThat(task.getBoolean("success")).isFalse();
    assertThat(task.getString("result"))
        .startsWith("In the way of an upgrade to 17: the programs of PostgreSQL 17 are missing.");
    assertThat(task.getJsonArray("result-codes"))
        .isEqualTo(new JsonArray().add(new JsonObject().put("code", "programs_missing")));
    assertThat(check("18").getString("result")).doesNotContain("programs");
  }

  @Test
  void aServiceThatIsChangedCannotBeUpgraded() {
    pending(client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-8")));
    JsonObject task = check("17");
    assertThat(task.getBoolean("success")).isFalse();
    assertThat(task.getString("result"))
        .contains("another operation is running")
        .contains("the server cannot be asked now");
  }

  @Test
  void aServerThatIsSilentIsNotTakenForGood() {
    assertThat(check("17").getString("result"))
        .contains("Not checked: extensions")
        .contains("the server cannot be asked now");
  }

  @Test
  void aTaskIsKept() {
    JsonObject task = check("17");
    String path = "/v2/dbaas-task/orders/" + task.getString("id");
    Answer answer = client.get(path);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).isEqualTo(task);
    refused(newTenant().get(path), 404, "service not found");
    running("other");
    for (String other :
        List.of("other/" + task.getString("id"), "orders/" + service.id(), "orders/1")) {
      refused(client.get("/v2/dbaas-task/" + other), 404, "task not found");
    }
  }

  @Test
  void aCheckIsOfAKnownVersionAndAServiceOfOnesOwn() {
    invalid(
        client.post(CHECK, new JsonObject().put("target-version", "9.6")),
        "$['target-version']",
        "must be one of");
    invalid(client.post(CHECK, new JsonObject()), "$['target-version']", "is required");
    JsonObject asked = new JsonObject().put("target-version", "17");
    refused(newTenant().post(CHECK, asked), 404, "service not found");
  }

  private JsonObject check(String target) {
    Answer answer = client.post(CHECK, new JsonObject().put("target-version", target));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json();
  }

  private void holds(boolean restart, boolean prepared, List<String> extensions) {
    server.api.inventories.put(
        service.id(),
        new Inventory(
            restart,
            prepared,
            List.of(
                new Within("defaultdb", true, extensions),
                new Within("private", false, List.of()))));
  }
}

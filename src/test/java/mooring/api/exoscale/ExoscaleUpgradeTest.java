package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import mooring.core.KnownFault;
import mooring.core.OperationKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that are given another major version. */
class ExoscaleUpgradeTest extends ExoscaleTestBase {
  private static final String ORDERS = POSTGRES + "orders";

  @BeforeEach
  void service() {
    String unused =
        create("orders", new JsonObject().put("plan", "startup-4").put("version", "15"));
    finish("orders");
  }

  @Test
  void aHigherVersionIsAnUpgrade() {
    String operation = pending(client.put(ORDERS, to("17").put("plan", "startup-4")));
    assertThat(row("orders").operation().kind()).isEqualTo(OperationKind.UPGRADE);
    assertThat(row("orders").spec().version()).isEqualTo("17");
    assertThat(client.get(ORDERS).json().getString("state")).isEqualTo("rebuilding");
    refused(client.put(ORDERS, new JsonObject().put("plan", "startup-8")), 409, "is rebuilding");
    finish("orders");
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    assertThat(client.get(ORDERS).json().getString("version")).isEqualTo("17");
    assertThat(client.get(ORDERS).json().getString("state")).isEqualTo("running");
  }

  @Test
  void anUpgradeThatFailsSaysWhy() {
    String operation = pending(client.put(ORDERS, to("16")));
    server.fail(row("orders"), "the data cannot be upgraded");
    JsonObject ended = operation(operation);
    assertThat(ended.getString("state")).isEqualTo("failure");
    assertThat(ended.getString("reason")).isEqualTo("fault");
    assertThat(ended.getString("message")).isEqualTo("the data cannot be upgraded");
  }

  @Test
  void whatThisInstallationLacksIsUnsupported() {
    String operation = pending(client.put(ORDERS, to("16")));
    server.fail(row("orders"), KnownFault.UNSUPPORTED.reason("programs are missing"));
    assertThat(operation(operation).getString("state")).isEqualTo("failure");
    assertThat(operation(operation).getString("reason")).isEqualTo("unsupported");
  }

  /** There is no image of 18 here. */
  @ParameterizedTest
  @ValueSource(strings = {"14", "18", "19", "16.4", "new"})
  void onlyWhatIsOfferedIsAnUpgrade(String version) {
    invalid(client.put(ORDERS, to(version)), "$['version']", "version must be one of 15, 16, 17");
    assertThat(row("orders").operation().kind()).isEqualTo(OperationKind.CREATE);
  }

  @ParameterizedTest
  @CsvSource({"plan,startup-8", "termination-protection,true", "work-mem,8"})
  void anUpgradeGoesWithNoOtherChange(String member, String value) {
    JsonObject other =
        new JsonObject(
            "{\"" + member + "\":" + (member.equals("plan") ? '"' + value + '"' : value) + "}");
    invalid(
        client.put(ORDERS, to("16").mergeIn(other)),
        "$['version']",
        "version cannot be changed together with other members");
    assertThat(row("orders").operation().kind()).isEqualTo(OperationKind.CREATE);
  }

  @Test
  void theVersionOfNowChangesNothing() {
    assertThat(client.put(ORDERS, to("15")).json().getString("state")).isEqualTo("success");
    pending(client.put(ORDERS, to("15").put("plan", "startup-8")));
  }

  private static JsonObject to(String version) {
    return new JsonObject().put("version", version);
  }
}

package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import mooring.api.ContractClient.Answer;
import mooring.core.Address;
import mooring.core.Instance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection pools of a service. */
class ExoscalePoolsTest extends ExoscaleTestBase {
  private static final String ORDERS = POSTGRES + "orders";
  private static final String POOLS = ORDERS + "/connection-pool";

  @BeforeEach
  void service() {
    Instance unused = running("orders");
  }

  @Test
  void aPoolHasItsDefaultsAndAnAddress() {
    String made = pending(client.post(POOLS, asked("web")));
    finish("orders");
    assertThat(operation(made).getString("state")).isEqualTo("success");
    Instance row = row("orders");
    Address address = row.setup().pools().all().get(0).address(row);
    JsonObject pool = pools().getJsonObject(0);
    assertThat(pool)
        .isEqualTo(
            new JsonObject()
                .put("name", "web")
                .put("database", "defaultdb")
                .put("mode", "transaction")
                .put("size", 10)
                .put("username", "avnadmin")
                .put(
                    "connection-uri",
                    "postgres://avnadmin@"
                        + address.host()
                        + ":"
                        + address.port()
                        + "/defaultdb?sslmode=require"));
    assertThat(client.get(ORDERS).json().getJsonArray("components")).hasSize(2);
    refused(client.post(POOLS, asked("web")), 409, "exists already");
    pending(client.put(POOLS + "/web", new JsonObject().put("size", 30).put("mode", "session")));
    finish("orders");
    assertThat(pools().getJsonObject(0).getInteger("size")).isEqualTo(30);
    assertThat(pools().getJsonObject(0).getString("mode")).isEqualTo("session");
    String user = pending(client.post(ORDERS + "/user", new JsonObject().put("username", "other")));
    for (JsonObject asked : List.of(new JsonObject(), new JsonObject().put("size", 30))) {
      Answer nothing = client.put(POOLS + "/web", asked);
      assertThat(nothing.json().getString("state")).isEqualTo("success");
      assertThat(nothing.json().getString("id")).isEqualTo(row.id().toString());
    }
    finish("orders");
    assertThat(operation(user).getString("state")).isEqualTo("success");
    String smaller = pending(client.put(POOLS + "/web", new JsonObject().put("size", 5)));
    assertThat(pending(client.put(POOLS + "/web", new JsonObject().put("size", 5))))
        .as("is real no sooner")
        .isEqualTo(smaller);
    finish("orders");
    pending(client.delete(POOLS + "/web"));
    finish("orders");
    assertThat(pools()).isEmpty();
    refused(client.delete(POOLS + "/web"), 404, "connection pool not found");
    refused(client.put(POOLS + "/web", new JsonObject()), 404, "connection pool not found");
  }

  @Test
  void whatAPoolUsesStays() {
    pending(client.post(ORDERS + "/user", new JsonObject().put("username", "web")));
    finish("orders");
    pending(client.post(ORDERS + "/database", new JsonObject().put("database-name", "shop")));
    finish("orders");
    pending(client.post(POOLS, asked("p").put("database-name", "shop").put("username", "web")));
    finish("orders");
    refused(client.delete(ORDERS + "/user/web"), 409, "connection pools use it: p");
    refused(client.delete(ORDERS + "/database/shop"), 409, "connection pools use it: p");
  }

  @Test
  void whatIsRefusedIsNamed() {
    invalid(client.post(POOLS, asked("p").put("mode", "statement")), "$['mode']", "not offered");
    invalid(client.post(POOLS, asked("p").put("size", 0)), "$['size']", "between 1 and 10000");
    invalid(
        client.post(POOLS, asked("p").put("database-name", "none")),
        "$['database-name']",
        "must be the name of a database");
    invalid(
        client.post(POOLS, asked("p").put("username", "none")),
        "$['username']",
        "must be the name of a user");
    invalid(client.post(POOLS, asked("a b")), "$['name']", "must be letters");
    refused(client.post(POSTGRES + "none/connection-pool", asked("p")), 404, "service not found");
  }

  private static JsonObject asked(String name) {
    return new JsonObject().put("name", name).put("database-name", "defaultdb");
  }

  private JsonArray pools() {
    return client.get(ORDERS).json().getJsonArray("connection-pools");
  }
}

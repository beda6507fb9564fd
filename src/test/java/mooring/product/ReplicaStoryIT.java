package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that follows another one until it is one of its own, and what a crash does to that. */
@Tag("slow")
class ReplicaStoryIT {
  private static final String ORDERS = ExoscaleServices.ALL + "orders";
  private static final String REPORTS = ExoscaleServices.ALL + "reports";
  private static final String INTEGRATION = "/v2/dbaas-integration/";

  @RegisterExtension final Workplace place = new Workplace();
  private EmbeddedProduct mooring;
  private ExoscaleServices services;

  @BeforeEach
  void start() {
    mooring = new EmbeddedProduct(place, "127.96.0.0/16");
    services = services();
  }

  @AfterEach
  void stop() throws Exception {
    mooring.product.stop();
  }

  private ExoscaleServices services() {
    return new ExoscaleServices(mooring.product.client(null), mooring.exports());
  }

  @Test
  void itFollowsUntilItIsPromotedWhateverIsKilled() throws SQLException {
    services.create("orders", plan());
    services.done(services.http.post(ORDERS + "/user", new JsonObject().put("username", "web")));
    Login admin = services.login("orders", "avnadmin");
    admin.run(
        "create table item (name text)",
        "insert into item values ('first')",
        "grant all on item to web");

    String making = accepted(services.http.post(REPORTS, replica()));
    String object = object("reports");
    crash(
        "the copy is being made",
        () ->
            Files.exists(mooring.files(object).resolve("pgdata.copying"))
                || Files.exists(mooring.files(object).resolve("pgdata")),
        true);
    succeeds(making);
    assertThat(services.get("reports").getString("state")).isEqualTo("running");
    Login reader = services.login("reports", "web");
    assertThat(reader.password()).isEqualTo(services.login("orders", "web").password());
    assertThat(reader.ask("select name from item")).isEqualTo("first");
    assertThatThrownBy(() -> reader.run("insert into item values ('there')"))
        .hasMessageContaining("read-only transaction");
    admin.run("insert into item values ('second')");
    reader.awaits("select count(*) from item", "2");

    services.done(
        services.http.put(
            ORDERS + "/user/web/password/reset",
            new JsonObject().put("password", "another-password")));
    Login changed = services.login("reports", "web");
    assertThat(changed.password()).isEqualTo("another-password");
    changed.awaits("select current_user", "web");

    JsonObject integration = services.get("orders").getJsonArray("integrations").getJsonObject(0);
    assertThat(integration.getBoolean("is-active")).isTrue();
    assertThat(services.http.delete(ORDERS).status()).isEqualTo(409);

    mooring.listen();
    String id = integration.getString("id");
    String promoting = accepted(services.http.delete(INTEGRATION + id));
    crash("it is promoted", () -> mooring.says("A standby was promoted", object), false);
    succeeds(promoting);
    assertThat(services.http.get(INTEGRATION + id).status()).isEqualTo(404);
    Login own = services.login("reports", "avnadmin");
    own.run("insert into item values ('own')");
    services.done(
        services.http.put(
            REPORTS + "/user/web/password/reset",
            new JsonObject().put("password", "one-of-its-own")));
    assertThat(services.login("reports", "web").ask("select 1")).isEqualTo("1");
    assertThat(changed.password()).isEqualTo(services.login("orders", "web").password());

    services.done(services.http.delete(ORDERS));
    mooring.awaitServers(1);
    assertThat(own.ask("select count(*) from item")).isEqualTo("3");
    assertThat(services.login("reports", "web").ask("select 1")).isEqualTo("1");
    await("it is backed up as what it is now")
        .atMost(Duration.ofSeconds(60))
        .until(() -> !services.get("reports").getJsonArray("backups").isEmpty());
    services.done(services.http.delete(REPORTS));
    mooring.awaitNothing();
  }

  private void crash(String when, BooleanSupplier moment, boolean servers) {
    mooring.crash(when, moment, servers);
    services = services();
  }

  private void succeeds(String operation) {
    services.done(services.http.get("/v2/operation/" + operation));
  }

  private static String accepted(Answer answer) {
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(200);
    return answer.json().getString("id");
  }

  /** The name of a service's objects: that which another API calls it by. */
  private String object(String name) {
    return mooring.client().get("/v1/databases").json().getJsonArray("databases").stream()
        .map(JsonObject.class::cast)
        .filter(one -> name.equals(one.getString("name")))
        .map(one -> one.getString("id"))
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject plan() {
    return new JsonObject().put("plan", "hobbyist-2").put("version", "17");
  }

  private static JsonObject replica() {
    JsonObject integration =
        new JsonObject().put("type", "read_replica").put("source-service", "orders");
    return new JsonObject()
        .put("plan", "hobbyist-2")
        .put("integrations", new JsonArray().add(integration));
  }
}

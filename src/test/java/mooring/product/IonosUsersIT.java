package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users and databases of a cluster, on real servers, with crashes of everything around them. */
@Tag("slow")
class IonosUsersIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String FIRST = "first-Password";
  private static final String SECOND = "second-Password";

  @RegisterExtension final Workplace place = new Workplace();
  private EmbeddedProduct mooring;
  private String cluster;
  private String host;

  @BeforeEach
  void start() {
    mooring = new EmbeddedProduct(place, "127.84.0.0/16");
  }

  private static JsonObject body(JsonObject properties) {
    return new JsonObject().put("properties", properties);
  }

  private Answer get(String path) {
    return mooring.client().get(path);
  }

  private void awaitAvailable() {
    await("available")
        .atMost(LIMIT)
        .until(
            () ->
                get(cluster)
                    .json()
                    .getJsonObject("metadata")
                    .getString("state")
                    .equals("AVAILABLE"));
  }

  private void post(String path, JsonObject properties) {
    Answer answer = mooring.client().post(path, body(properties));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
  }

  private void create() {
    JsonObject asked =
        new JsonObject()
            .put("displayName", "shop")
            .put("postgresVersion", "16")
            .put("location", "de/fra")
            .put("instances", 1)
            .put("cores", 1)
            .put("ram", 2048)
            .put("storageSize", 2048)
            .put("storageType", "SSD")
            .put("synchronizationMode", "ASYNCHRONOUS")
            .put("credentials", new JsonObject().put("username", "keeper").put("password", FIRST));
    JsonObject made = mooring.client().post("/databases/postgresql/clusters", body(asked)).json();
    cluster = "/databases/postgresql/clusters/" + made.getString("id");
    host = made.getJsonObject("properties").getString("dnsName");
    awaitAvailable();
  }

  private Login login(String user, String password, String database) {
    return new Login(host, 5432, user, password, database);
  }

  /** Answered before it is done where the servers take longer than an answer waits. */
  private void delete(String path) {
    assertThat(mooring.client().delete(path).status()).isEqualTo(204);
    awaitAvailable();
    assertThat(get(path).status()).isEqualTo(404);
  }

  /** What the servers keep: where they take longer than an answer waits, it is asked for again. */
  private Answer refusedDeletion(String path) {
    return await("refused")
        .atMost(LIMIT)
        .until(
            () -> {
              awaitAvailable();
              return mooring.client().delete(path);
            },
            answer -> answer.status() != 204);
  }

  private static void refused(Login login) {
    assertThatThrownBy(() -> login.ask("select 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void theyLiveAsLongAsTheyAreAskedFor() throws Exception {
    create();
    String user = cluster + "/users/reporting";
    post(cluster + "/users", new JsonObject().put("username", "reporting").put("password", FIRST));
    mooring.crash("asked", () -> true, true);
    awaitAvailable();
    assertThat(login("reporting", FIRST, "postgres").ask("select current_user"))
        .isEqualTo("reporting");

    post(cluster + "/databases", new JsonObject().put("name", "orders").put("owner", "reporting"));
    awaitAvailable();
    login("reporting", FIRST, "orders").run("create table mine (i int)");
    assertThat(mooring.client().delete(user).status()).isEqualTo(409);

    JsonObject change = body(new JsonObject().put("password", SECOND));
    assertThat(mooring.client().patch(user, change).status()).isEqualTo(200);
    mooring.crash("asked", () -> true, false);
    awaitAvailable();
    refused(login("reporting", FIRST, "orders"));
    JsonObject owner = body(new JsonObject().put("password", SECOND));
    assertThat(mooring.client().patch(cluster + "/users/keeper", owner).status()).isEqualTo(200);
    refused(login("keeper", FIRST, "postgres"));
    Login keeper = login("keeper", SECOND, "postgres");
    keeper.run("create schema s", "grant all on schema s to reporting");
    login("reporting", SECOND, "postgres").run("create table s.mine (i int)");

    delete(cluster + "/databases/orders");
    assertThat(keeper.ask("select count(*) from pg_database where datname = 'orders'"))
        .isEqualTo("0");
    Answer owns = refusedDeletion(user);
    assertThat(owns.status()).isEqualTo(409);
    assertThat(owns.messages().get(0)).contains("cannot be dropped", "table s.mine");
    awaitAvailable();
    assertThat(get(user).status()).isEqualTo(200);
    login("reporting", SECOND, "postgres").run("drop table s.mine");
    keeper.run("revoke all on schema s from reporting");

    delete(user);
    refused(login("reporting", SECOND, "postgres"));
    post(cluster + "/users", new JsonObject().put("username", "reporting").put("password", FIRST));
    awaitAvailable();
    post(cluster + "/databases", new JsonObject().put("name", "orders").put("owner", "reporting"));
    awaitAvailable();

    assertThat(mooring.client().delete(cluster).status()).isEqualTo(200);
    await("gone").atMost(LIMIT).until(() -> get(cluster).status() == 404);
    mooring.awaitNothingButBackups();
  }
}

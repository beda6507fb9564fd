package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.SQLException;
import mooring.HostPrograms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Settings, rules and connection pools of the Exoscale API do something to a real server. */
@Tag("slow")
class ExoscaleTuningIT {
  private static final String ORDERS = ExoscaleServices.ALL + "orders";
  private static final String POOLS = ORDERS + "/connection-pool";

  @RegisterExtension final Workplace place = new Workplace();
  private EmbeddedProduct mooring;
  private ExoscaleServices services;

  @BeforeEach
  void start() {
    mooring = new EmbeddedProduct(place, "127.98.0.0/16");
    services = services();
  }

  @AfterEach
  void stop() throws Exception {
    mooring.product.stop(); // and with it what it runs
  }

  private ExoscaleServices services() {
    return new ExoscaleServices(mooring.product.client(null), mooring.exports());
  }

  @Test
  void theServerShowsWhatIsSetAndLetsInWhoMayComeIn() throws SQLException {
    services.create(
        "orders",
        plan()
            .put("work-mem", 6)
            .put("shared-buffers-percentage", 30)
            .put(
                "pg-settings",
                new JsonObject()
                    .put("deadlock_timeout", 2000)
                    .put("bgwriter_flush_after", 256)
                    .put("wal", new JsonObject().put("wal_writer_delay", 100))
                    .put("pg_stat_statements.track", "all"))
            .put("pgaudit-settings", new JsonObject().put("feature_enabled", true)));
    Login login = services.login("orders", "avnadmin");
    assertThat(login.ask("show deadlock_timeout")).isEqualTo("2s");
    assertThat(login.ask("show bgwriter_flush_after")).isEqualTo("256kB");
    assertThat(login.ask("show wal_writer_delay")).isEqualTo("100ms");
    assertThat(login.ask("show work_mem")).isEqualTo("6MB");
    assertThat(login.ask("show shared_buffers")).isEqualTo("614MB");
    requireTold(login);

    services.change(
        "orders",
        new JsonObject()
            .put(
                "pg-settings",
                new JsonObject().put("max_worker_processes", 12).putNull("deadlock_timeout")));
    assertThat(login.ask("show max_worker_processes")).as("real at the success").isEqualTo("12");
    assertThat(login.ask("show deadlock_timeout")).isEqualTo("1s");
    assertThat(login.ask("show wal_writer_delay")).isEqualTo("100ms");

    services.change(
        "orders", new JsonObject().put("ip-filter", new JsonArray().add("203.0.113.0/24")));
    login.awaitsRefusal("no pg_hba.conf entry");
    services.change("orders", new JsonObject().put("ip-filter", new JsonArray().add("0.0.0.0/0")));
    login.awaits("select 1", "1");
    services.done(services.http.delete(ORDERS));
    mooring.awaitNothing();
  }

  /** What runs is told by its release, and its nodes by the same names everywhere. */
  private void requireTold(Login login) throws SQLException {
    JsonObject service = services.get("orders");
    assertThat(service.getString("version")).contains(".");
    assertThat(login.ask("show server_version")).startsWith(service.getString("version"));
    JsonObject node = service.getJsonArray("node-states").getJsonObject(0);
    assertThat(node.getString("name")).isEqualTo("orders-1");
    assertThat(node.getString("role")).isEqualTo("master");
    assertThat(node.getString("state")).isEqualTo("running");
    JsonArray lines =
        services
            .http
            .post("/v2/dbaas-service-logs/orders", new JsonObject().put("limit", 1))
            .json()
            .getJsonArray("logs");
    assertThat(lines.getJsonObject(0).getString("node")).isEqualTo("orders-1");
  }

  @Test
  void aPoolAnswersUntilItIsDeleted() throws Exception {
    assumeTrue(HostPrograms.have("pgbouncer"), "there is no pgbouncer");
    services.create("orders", plan());
    services.done(services.http.post(ORDERS + "/user", new JsonObject().put("username", "web")));
    services.done(
        services.http.post(
            POOLS,
            new JsonObject()
                .put("name", "site")
                .put("database-name", "defaultdb")
                .put("username", "web")
                .put("size", 3)));
    Login direct = services.login("orders", "web");
    JsonObject pool = services.get("orders").getJsonArray("connection-pools").getJsonObject(0);
    URI uri = URI.create(pool.getString("connection-uri"));
    Login pooled = new Login(uri.getHost(), uri.getPort(), "web", direct.password(), "defaultdb");
    assertThat(pooled.port()).isNotEqualTo(direct.port());
    assertThat(pooled.ask("select current_user")).isEqualTo("web");
    Login admin = services.login("orders", "avnadmin");
    Login other =
        new Login(uri.getHost(), uri.getPort(), admin.user(), admin.password(), admin.database());
    assertThatThrownBy(() -> other.ask("select 1")).isInstanceOf(SQLException.class);
    assertThat(services.http.delete(ORDERS + "/user/web").status()).isEqualTo(409);

    mooring.product.kill();
    mooring.product.start();
    services = services();
    pooled.awaits("select current_user", "web");
    services.done(services.http.put(POOLS + "/site", new JsonObject().put("mode", "session")));
    services.done(services.http.delete(POOLS + "/site"));
    pooled.awaitsRefusal("refused");
    assertThat(direct.ask("select 1")).isEqualTo("1");
  }

  private static JsonObject plan() {
    return new JsonObject().put("plan", "hobbyist-2").put("version", "16");
  }
}

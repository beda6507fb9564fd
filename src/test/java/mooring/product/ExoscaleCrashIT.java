package mooring.product;

import static mooring.product.CrashCase.WITH_SERVERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import mooring.HostPrograms;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} within every change of services, users, databases and connection pools: what was
 * accepted is done, once, and the operation that it was answered with tells so after the restart.
 */
class ExoscaleCrashIT extends CrashMatrix {
  private static final String SHOP = "shop";
  private static final String USERS = "users";
  private static final String TUNED = "tuned";
  private static final String COPY = "copy";
  private static final String PASSWORD = "chosen-by-hand-1";

  private static final String ALLOW_REPLICATION =
      ExoscaleServices.ALL + USERS + "/user/web/allow-replication";

  private ExoscaleInterruptions changes;

  ExoscaleCrashIT() {
    super("127.111.0.0/16");
  }

  @BeforeEach
  void connect() {
    changes = new ExoscaleInterruptions(mooring, crashes);
  }

  @AfterEach
  void stop() {
    mooring.product.stop(); // and with it what it runs
  }

  @Test
  void duringEveryChange() throws Exception {
    boolean pooling = HostPrograms.have("pgbouncer");
    makeServices();

    changePool(pooling, "PgBouncer runs", this::postPool, this::poolAnswers);
    changes.change(
        USERS,
        "objects changed",
        () -> post(USERS + "/user", new JsonObject().put("username", "web")),
        this::webLogsIn);
    changes.change(TUNED, "applied", () -> put(TUNED, tuning()), this::isTuned);

    changes.change(
        SHOP,
        "operation claimed",
        () -> post(SHOP + "/database", new JsonObject().put("database-name", "goods")),
        () -> assertThat(all(SHOP, "databases")).containsExactly("defaultdb", "goods"));
    changes.ask(
        TUNED,
        () -> put(TUNED, protection(false).put("work-mem", 9)),
        () -> assertThat(now().login(TUNED, "avnadmin").ask("show work_mem")).isEqualTo("9MB"));
    changes.change(
        USERS,
        "operation claimed",
        () -> put(USERS + "/user/web/password/reset", new JsonObject().put("password", PASSWORD)),
        this::webHasItsPassword);

    JsonObject session = new JsonObject().put("mode", "session").put("size", 4);
    changePool(
        pooling,
        "operation claimed",
        () -> put(SHOP + "/connection-pool/site", session),
        this::poolAnswers);
    letReplicate();
    maintain();

    changes.change(
        SHOP,
        "objects changed",
        () -> delete(SHOP + "/database/goods"),
        () -> assertThat(all(SHOP, "databases")).containsExactly("defaultdb"));
    changes.change(
        USERS,
        "operation claimed",
        () -> delete(USERS + "/user/web"),
        () -> assertThat(all(USERS, "users")).hasSize(1));
    fork();
    if (pooling) {
      changes.ask(
          SHOP,
          () -> delete(SHOP + "/connection-pool/site"),
          () -> assertThat(all(SHOP, "connection-pools")).isEmpty());
    }
    changes.change(USERS, "answered", () -> put(USERS, protection(true)), this::isProtected);

    changes.settle();
    assertOperations(pooling);
    for (String name : List.of(SHOP, USERS, TUNED, COPY)) {
      now().done(delete(name));
    }
    mooring.awaitNothing();
  }

  private void makeServices() throws SQLException {
    for (String name : List.of(SHOP, USERS, TUNED)) {
      changes.ask(name, () -> post(name, plan("hobbyist-2")), () -> {});
    }
    changes.settle();
    now()
        .login(TUNED, "avnadmin")
        .run("create table words (word text)", "insert into words values ('kept')");
  }

  private void changePool(
      boolean pooling, String moment, Supplier<Answer> change, ExoscaleInterruptions.Proof proof) {
    if (pooling) {
      changes.change(SHOP, moment, change, proof);
    }
  }

  /** Restarted, and not again by the one who took over. */
  private void maintain() {
    changes.settle(TUNED);
    int before = mooring.timesAfterKills("PostgreSQL runs", changes.id(TUNED)).size();
    changes.change(
        TUNED,
        "PostgreSQL stopped",
        () -> now().http.send("PUT", ExoscaleServices.ALL + TUNED + "/maintenance/start", null),
        () -> {
          List<Long> runs = mooring.timesAfterKills("PostgreSQL runs", changes.id(TUNED));
          assertThat(runs.subList(before, runs.size())).allMatch(times -> times <= 1);
        });
  }

  private void fork() {
    changes.settle(TUNED);
    await("a backup").atMost(LIMIT).until(() -> !all(TUNED, "backups").isEmpty());
    changes.ask(
        COPY,
        () -> post(COPY, plan("startup-4").put("fork-from-service", TUNED)),
        () ->
            assertThat(now().login(COPY, "avnadmin").ask("select word from words"))
                .isEqualTo("kept"));
    changes.crash(COPY, "recovering", WITH_SERVERS, () -> {});
  }

  /** Has no operation that it is answered with, and its answer may be lost. */
  private void letReplicate() {
    JsonObject yes = new JsonObject().put("allow-replication", true);
    changes.changeUnanswered(
        USERS,
        "operation claimed",
        () -> {
          ExoscaleServices asked = now();
          CompletableFuture<Answer> unused =
              CompletableFuture.supplyAsync(() -> asked.http.put(ALLOW_REPLICATION, yes));
        },
        this::webMayReplicate);
  }

  private void webMayReplicate() throws SQLException {
    await("it has ended")
        .atMost(LIMIT)
        .until(() -> !mooring.ledger().operations(changes.id(USERS)).contains("RUNNING"));
    String query = "select rolreplication from pg_roles where rolname = 'web'";
    assertThat(now().login(USERS, "web").ask(query)).isEqualTo("t");
  }

  private Answer postPool() {
    return post(
        SHOP + "/connection-pool",
        new JsonObject().put("name", "site").put("database-name", "defaultdb").put("size", 3));
  }

  private void poolAnswers() throws SQLException {
    JsonObject pool = now().get(SHOP).getJsonArray("connection-pools").getJsonObject(0);
    URI uri = URI.create(pool.getString("connection-uri"));
    Login direct = now().login(SHOP, "avnadmin");
    Login pooled =
        new Login(uri.getHost(), uri.getPort(), direct.user(), direct.password(), "defaultdb");
    assertThat(pooled.ask("select inet_server_port()")).isEqualTo("5432");
  }

  private void webLogsIn() throws SQLException {
    assertThat(now().login(USERS, "web").ask("select current_user")).isEqualTo("web");
  }

  private void webHasItsPassword() throws SQLException {
    webLogsIn();
    assertThat(now().login(USERS, "web").password()).isEqualTo(PASSWORD);
  }

  private static JsonObject tuning() {
    return protection(true)
        .put("plan", "startup-4")
        .put("work-mem", 8)
        .put("ip-filter", new JsonArray().add("127.0.0.0/8"))
        .put("pg-settings", new JsonObject().put("max_worker_processes", 12));
  }

  private void isTuned() throws SQLException {
    JsonObject service = now().get(TUNED);
    assertThat(service.getString("plan")).isEqualTo("startup-4");
    assertThat(service.getBoolean("termination-protection")).isTrue();
    assertThat(service.getJsonArray("ip-filter")).containsExactly("127.0.0.0/8");
    Login admin = now().login(TUNED, "avnadmin");
    assertThat(admin.ask("show max_worker_processes")).isEqualTo("12");
    assertThat(admin.ask("show work_mem")).isEqualTo("8MB");
  }

  private static JsonObject protection(boolean on) {
    return new JsonObject().put("termination-protection", on);
  }

  private void isProtected() {
    assertThat(delete(USERS).status()).isEqualTo(409);
    now().change(USERS, protection(false));
  }

  private void assertOperations(boolean pooling) {
    Map<String, String> all = new HashMap<>();
    all.put(
        SHOP,
        pooling
            ? "CREATE, UPDATE, ADMINISTER, UPDATE, ADMINISTER, UPDATE"
            : "CREATE, ADMINISTER, ADMINISTER");
    all.put(USERS, "CREATE, ADMINISTER, ADMINISTER, ADMINISTER, ADMINISTER");
    all.put(TUNED, "CREATE, RESIZE, UPDATE, RESTART");
    all.put(COPY, "CREATE");
    Map<String, String> found = new HashMap<>();
    for (String name : all.keySet()) {
      found.put(name, mooring.ledger().operations(changes.id(name)).replace(" SUCCEEDED", ""));
    }
    assertThat(found).isEqualTo(all);
    mooring.awaitServers(all.size());
  }

  private ExoscaleServices now() {
    return changes.services();
  }

  private List<Object> all(String name, String member) {
    return now().get(name).getJsonArray(member).stream().toList();
  }

  private Answer post(String path, JsonObject body) {
    return now().http.post(ExoscaleServices.ALL + path, body);
  }

  private Answer put(String path, JsonObject body) {
    return now().http.put(ExoscaleServices.ALL + path, body);
  }

  private Answer delete(String path) {
    return now().http.delete(ExoscaleServices.ALL + path);
  }

  private static JsonObject plan(String plan) {
    return new JsonObject().put("plan", plan).put("version", "16");
  }
}

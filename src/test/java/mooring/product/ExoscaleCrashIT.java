package mooring.product;

import static mooring.product.CrashCase.ALONE;
import static mooring.product.CrashCase.WITH_SERVERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import mooring.api.ContractClient.Answer;
import mooring.product.CrashCase.Plan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} within every change of services, users, databases and connection pools: what was
 * accepted is done, once, and the operation that it was answered with tells so after the restart.
 * Each service is changed again once it has shown that; meanwhile others are.
 */
class ExoscaleCrashIT extends CrashMatrix {
  private static final String SHOP = "shop";
  private static final String USERS = "users";
  private static final String TUNED = "tuned";
  private static final String COPY = "copy";
  private static final String PASSWORD = "chosen-by-hand-1";

  private static final String ALLOW_REPLICATION =
      ExoscaleServices.ALL + USERS + "/user/web/allow-replication";

  private final Map<String, Asked> underWay = new HashMap<>();
  private ExoscaleServices services;

  ExoscaleCrashIT() {
    super("127.111.0.0/16");
  }

  /**
   * What a service was asked for last.
   *
   * @param operation null for what has none
   * @param proof that it is real
   */
  private record Asked(String operation, Proof proof) {}

  private interface Proof {
    void show() throws SQLException;
  }

  @BeforeEach
  void connect() {
    services = new ExoscaleServices(mooring.product.client(null), mooring.exports());
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
    change(USERS, "objects changed", () -> post(USERS, "user", "username", "web"), this::webLogsIn);
    change(TUNED, "applied", () -> put(TUNED, tuning()), this::isTuned);

    change(
        SHOP,
        "operation claimed",
        () -> post(SHOP, "database", "database-name", "goods"),
        () -> assertThat(all(SHOP, "databases")).containsExactly("defaultdb", "goods"));
    ask(
        TUNED,
        () -> put(TUNED, protection(false).put("work-mem", 9)),
        () -> assertThat(services.login(TUNED, "avnadmin").ask("show work_mem")).isEqualTo("9MB"));
    change(
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

    change(
        SHOP,
        "objects changed",
        () -> delete(SHOP + "/database/goods"),
        () -> assertThat(all(SHOP, "databases")).containsExactly("defaultdb"));
    change(
        USERS,
        "operation claimed",
        () -> delete(USERS + "/user/web"),
        () -> assertThat(all(USERS, "users")).hasSize(1));
    fork();
    if (pooling) {
      ask(
          SHOP,
          () -> delete(SHOP + "/connection-pool/site"),
          () -> assertThat(all(SHOP, "connection-pools")).isEmpty());
    }
    change(USERS, "answered", () -> put(USERS, protection(true)), this::isProtected);

    for (String name : List.copyOf(underWay.keySet())) {
      settle(name);
    }
    assertOperations(pooling);
    for (String name : List.of(SHOP, USERS, TUNED, COPY)) {
      services.done(delete(name));
    }
    mooring.awaitNothing();
  }

  private void makeServices() throws SQLException {
    for (String name : List.of(SHOP, USERS, TUNED)) {
      Answer answer = services.http.post(ExoscaleServices.ALL + name, plan("hobbyist-2"));
      underWay.put(name, new Asked(services.accepted(answer), () -> {}));
    }
    for (String name : List.copyOf(underWay.keySet())) {
      settle(name);
    }
    services
        .login(TUNED, "avnadmin")
        .run("create table words (word text)", "insert into words values ('kept')");
  }

  /** Asks for a change that the next kill interrupts wherever it is by then. */
  private void ask(String name, Supplier<Answer> change, Proof proof) {
    settle(name);
    underWay.put(name, new Asked(services.accepted(change.get()), proof));
  }

  /** Asks for a change and kills the product when that has come to its moment. */
  private void change(String name, String moment, Supplier<Answer> change, Proof proof) {
    settle(name);
    AtomicReference<String> operation = new AtomicReference<>();
    crash(name, moment, ALONE, () -> operation.set(services.accepted(change.get())));
    underWay.put(name, new Asked(operation.get(), proof));
  }

  private void changePool(boolean pooling, String moment, Supplier<Answer> change, Proof proof) {
    if (pooling) {
      change(SHOP, moment, change, proof);
    }
  }

  private void crash(String name, String moment, boolean serversToo, Runnable change) {
    JsonObject shown = new JsonObject().put("id", id(name));
    crashes.crash(new Plan(name, moment, serversToo).of(shown), change);
    connect();
  }

  /** What a service was asked for last is done, and its operation says so. */
  private void settle(String name) {
    Asked asked = underWay.remove(name);
    if (asked == null) {
      return;
    }
    if (asked.operation() != null) {
      services.done(asked.operation());
    }
    // After another kill the servers may have to come up again first.
    await("what " + name + " was asked for")
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(asked.proof()::show);
  }

  /** Restarted, and not again by the one who took over. */
  private void maintain() {
    settle(TUNED);
    int before = mooring.timesAfterKills("PostgreSQL runs", id(TUNED)).size();
    change(
        TUNED,
        "PostgreSQL stopped",
        () -> services.http.send("PUT", ExoscaleServices.ALL + TUNED + "/maintenance/start", null),
        () -> {
          List<Long> runs = mooring.timesAfterKills("PostgreSQL runs", id(TUNED));
          assertThat(runs.subList(before, runs.size())).allMatch(times -> times <= 1);
        });
  }

  private void fork() {
    settle(TUNED);
    await("a backup").atMost(LIMIT).until(() -> !all(TUNED, "backups").isEmpty());
    JsonObject asked = plan("startup-4").put("fork-from-service", TUNED);
    String made = services.accepted(services.http.post(ExoscaleServices.ALL + COPY, asked));
    crash(COPY, "recovering", WITH_SERVERS, () -> {});
    Proof proof =
        () ->
            assertThat(services.login(COPY, "avnadmin").ask("select word from words"))
                .isEqualTo("kept");
    underWay.put(COPY, new Asked(made, proof));
  }

  /** Has no operation that it is answered with, and its answer may be lost. */
  private void letReplicate() {
    settle(USERS);
    ExoscaleServices now = services;
    JsonObject yes = new JsonObject().put("allow-replication", true);
    List<CompletableFuture<Answer>> unread = new ArrayList<>();
    crash(
        USERS,
        "operation claimed",
        ALONE,
        () ->
            unread.add(CompletableFuture.supplyAsync(() -> now.http.put(ALLOW_REPLICATION, yes))));
    Proof proof =
        () -> {
          await("it has ended")
              .atMost(LIMIT)
              .until(() -> !mooring.ledger().operations(id(USERS)).contains("RUNNING"));
          String query = "select rolreplication from pg_roles where rolname = 'web'";
          assertThat(services.login(USERS, "web").ask(query)).isEqualTo("t");
        };
    underWay.put(USERS, new Asked(null, proof));
  }

  private Answer postPool() {
    return services.http.post(
        ExoscaleServices.ALL + SHOP + "/connection-pool",
        new JsonObject().put("name", "site").put("database-name", "defaultdb").put("size", 3));
  }

  private void poolAnswers() throws SQLException {
    JsonObject pool = services.get(SHOP).getJsonArray("connection-pools").getJsonObject(0);
    URI uri = URI.create(pool.getString("connection-uri"));
    Login direct = services.login(SHOP, "avnadmin");
    Login pooled =
        new Login(uri.getHost(), uri.getPort(), direct.user(), direct.password(), "defaultdb");
    assertThat(pooled.ask("select inet_server_port()")).isEqualTo("5432");
  }

  private void webLogsIn() throws SQLException {
    assertThat(services.login(USERS, "web").ask("select current_user")).isEqualTo("web");
  }

  private void webHasItsPassword() throws SQLException {
    webLogsIn();
    assertThat(services.login(USERS, "web").password()).isEqualTo(PASSWORD);
  }

  private static JsonObject tuning() {
    return protection(true)
        .put("plan", "startup-4")
        .put("work-mem", 8)
        .put("ip-filter", new JsonArray().add("127.0.0.0/8"))
        .put("pg-settings", new JsonObject().put("max_worker_processes", 12));
  }

  private void isTuned() throws SQLException {
    JsonObject service = services.get(TUNED);
    assertThat(service.getString("plan")).isEqualTo("startup-4");
    assertThat(service.getBoolean("termination-protection")).isTrue();
    assertThat(service.getJsonArray("ip-filter")).containsExactly("127.0.0.0/8");
    Login admin = services.login(TUNED, "avnadmin");
    assertThat(admin.ask("show max_worker_processes")).isEqualTo("12");
    assertThat(admin.ask("show work_mem")).isEqualTo("8MB");
  }

  private static JsonObject protection(boolean on) {
    return new JsonObject().put("termination-protection", on);
  }

  private void isProtected() {
    assertThat(delete(USERS).status()).isEqualTo(409);
    services.change(USERS, protection(false));
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
      found.put(name, mooring.ledger().operations(id(name)).replace(" SUCCEEDED", ""));
    }
    assertThat(found).isEqualTo(all);
    mooring.awaitServers(all.size());
  }

  private String id(String name) {
    return "db-"
        + mooring
            .ledger()
            .ask(
                "select short_id from instance where deleted_at is null and handle = '"
                    + name
                    + "'");
  }

  private List<Object> all(String name, String member) {
    return services.get(name).getJsonArray(member).stream().toList();
  }

  private Answer post(String name, String what, String member, String value) {
    return services.http.post(
        ExoscaleServices.ALL + name + "/" + what, new JsonObject().put(member, value));
  }

  private Answer put(String path, JsonObject body) {
    return services.http.put(ExoscaleServices.ALL + path, body);
  }

  private Answer delete(String path) {
    return services.http.delete(ExoscaleServices.ALL + path);
  }

  private static JsonObject plan(String plan) {
    return new JsonObject().put("plan", plan).put("version", "16");
  }
}

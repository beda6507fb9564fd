package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Data are imported from a PostgreSQL elsewhere into a service of a newer version. What is
 * elsewhere is another service here; nothing of that is known to who copies.
 */
@Tag("slow")
class MigrationIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String STATUS = "/v2/dbaas-migration-status/";
  private static final List<String> PROGRAMS = List.of("psql", "pg_dump", "pg_restore");

  @RegisterExtension final Workplace place = new Workplace();
  private EmbeddedProduct mooring;
  private ExoscaleServices services;
  private Login source;
  private String newer;

  private void start(Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("MOORING_ADDRESS_POOL", "127.97.0.0/16");
    mooring = new EmbeddedProduct(place, settings);
    connect();
    int programs = programs();
    newer = String.valueOf(Math.max(16, programs));
    services.create("old", plan(String.valueOf(programs > 15 ? programs - 1 : programs)));
    source = services.login("old", "avnadmin");
  }

  private void connect() {
    services = new ExoscaleServices(mooring.product.client(null), mooring.exports());
  }

  @AfterEach
  void stop() {
    if (mooring != null) { // not skipped
      mooring.product.stop(); // and with it what it runs
    }
  }

  private static JsonObject plan(String version) {
    return new JsonObject().put("plan", "hobbyist-2").put("version", version);
  }

  private JsonObject migration(String password) {
    return new JsonObject()
        .put(
            "migration",
            new JsonObject()
                .put("host", source.host())
                .put("port", source.port())
                .put("username", source.user())
                .put("password", password)
                .put("dbname", source.database())
                .put("ssl", true));
  }

  private static Login to(Login login, String database) {
    return new Login(login.host(), login.port(), login.user(), login.password(), database);
  }

  /** Two databases, one of them beside the first. */
  private void fill() throws SQLException {
    source.run(
        "create table words (id serial primary key, word text)",
        "insert into words (word) values ('kept'), ('too')",
        "create view upper_words as select upper(word) as word from words");
    services.done(
        services.http.post(
            ExoscaleServices.ALL + "old/database", new JsonObject().put("database-name", "shop")));
    to(source, "shop")
        .run(
            "create schema sales",
            "create table sales.orders as select i as id from generate_series(1, 1000) i",
            "comment on table sales.orders is 'all of them'");
  }

  private JsonObject status(String name) {
    Answer answer = services.http.get(STATUS + name);
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(200);
    return answer.json();
  }

  private void awaitStatus(String name, String status) {
    await(status)
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(status(name).getString("status"))
                    .as(status(name).encode())
                    .isEqualTo(status));
  }

  private String copy(String name, String database) {
    return status(name).getJsonArray("details").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("dbname").equals(database))
        .map(one -> one.getString("status"))
        .findFirst()
        .orElse("none");
  }

  private JsonObject ended(String operation) {
    await("operation " + operation)
        .atMost(LIMIT)
        .until(() -> !"pending".equals(operation(operation).getString("state")));
    return operation(operation);
  }

  private JsonObject operation(String id) {
    return services.http.get("/v2/operation/" + id).json();
  }

  private String migrate(String name, JsonObject asked) {
    Answer answer = services.http.put(ExoscaleServices.ALL + name, asked);
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(200);
    return answer.json().getString("id");
  }

  private void assertCopied(String name) throws SQLException {
    assertThat(services.get(name).getJsonArray("databases"))
        .isEqualTo(new JsonArray(List.of("defaultdb", "shop")));
    Login target = services.login(name, "avnadmin");
    assertThat(target.ask("show server_version_num")).startsWith(newer);
    assertThat(target.ask("select string_agg(word, ' ' order by id) from words"))
        .isEqualTo("kept too");
    assertThat(target.ask("select min(word) from upper_words")).isEqualTo("KEPT");
    target.run("insert into words (word) values ('new')");
    assertThat(to(target, "shop").ask("select count(*) from sales.orders")).isEqualTo("1000");
    assertThat(
            to(target, "shop").ask("select tableowner from pg_tables where schemaname = 'sales'"))
        .isEqualTo("avnadmin");
  }

  /** Makes every copy of the database wait until it is closed. */
  private Connection lock() throws SQLException {
    Login shop = to(source, "shop");
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + shop.host() + ":" + shop.port() + "/shop?sslmode=require",
            shop.user(),
            shop.password());
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("lock table sales.orders in access exclusive mode");
    }
    return connection;
  }

  private long copiers() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.contains("pg_dump") && line.contains(source.host()))
                    .isPresent())
        .count();
  }

  @Test
  void whatTheSourceHasIsInTheServiceAfterThat() throws Exception {
    assumeTrue(installed(), "there is no pg_dump");
    start(Map.of("MOORING_MIGRATION_ALLOW", "127.0.0.0/8"));
    fill();

    services.create("new", plan(newer).mergeIn(migration(source.password())));
    awaitStatus("new", "done");
    assertThat(copy("new", "defaultdb")).isEqualTo("done");
    assertThat(copy("new", "shop")).isEqualTo("done");
    assertCopied("new");
    assertThat(mooring.product.output()).doesNotContain(source.password());

    // What is there is not touched, and what went wrong is told.
    JsonObject again = ended(migrate("new", migration(source.password())));
    assertThat(again.getString("reason")).as(again.encode()).isEqualTo("fault");
    assertThat(again.getString("message")).contains("shop", "is not empty");
    assertUntouched();
    JsonObject refused = ended(migrate("new", migration("wrong")));
    assertThat(refused.getString("message")).contains("password authentication failed");
    assertThat(refused.getString("reason")).isEqualTo("incorrect");
    services.done(services.http.delete(ExoscaleServices.ALL + "new"));
    services.done(services.http.delete(ExoscaleServices.ALL + "old"));
    mooring.awaitNothing();
  }

  private void assertUntouched() throws SQLException {
    assertThat(services.login("new", "avnadmin").ask("select count(*) from words")).isEqualTo("3");
  }

  @Test
  void killedInTheMiddleItEndsOnceAndStoppedItEnds() throws Exception {
    assumeTrue(installed(), "there is no pg_dump");
    start(Map.of("MOORING_MIGRATION_ALLOW", "127.0.0.0/8"));
    fill();
    services.create("new", plan(newer));
    services.create("half", plan(newer));
    String operation;
    Connection held = lock();
    operation = migrate("new", migration(source.password()));
    await().atMost(LIMIT).until(() -> copy("new", "defaultdb").equals("done") && copiers() > 0);
    mooring.product.kill();
    mooring.product.start();
    connect(); // the source was started anew, too, and with that the lock is gone
    held.close();
    assertThat(ended(operation).getString("state")).isEqualTo("success");
    assertCopied("new");
    await().atMost(LIMIT).until(() -> copiers() == 0);

    // Only into what runs; it was started anew, too.
    await().atMost(LIMIT).until(() -> services.get("half").getString("state").equals("running"));
    try (Connection again = lock()) {
      operation = migrate("half", migration(source.password()));
      await().atMost(LIMIT).until(() -> copy("half", "defaultdb").equals("done") && copiers() > 0);
      assertThat(copy("half", "shop")).isEqualTo("running");
      services.done(services.http.send("POST", ExoscaleServices.ALL + "half/migration/stop", null));
      assertThat(operation(operation).getString("reason")).isEqualTo("interrupted");
      assertThat(copiers()).isZero();
      again.rollback();
    }
    assertThat(status("half").getString("status")).isEqualTo("failed");
    assertThat(copy("half", "shop")).isEqualTo("failed");
    assertThat(services.get("half").getJsonArray("databases"))
        .isEqualTo(new JsonArray(List.of("defaultdb")));
    assertThat(services.login("half", "avnadmin").ask("select count(*) from words")).isEqualTo("2");
  }

  @Test
  void withoutTheProgramsItIsUnsupportedAndALoopbackIsForbidden() throws IOException {
    assumeTrue(installed(), "there is no pg_dump");
    start(Map.of("PATH", pathWithout(), "MOORING_MIGRATION_ALLOW", "127.97.0.0/16"));
    services.create("new", plan(newer));
    JsonObject failed = ended(migrate("new", migration(source.password())));
    assertThat(failed.getString("state")).isEqualTo("failure");
    assertThat(failed.getString("reason")).isEqualTo("unsupported");
    assertThat(failed.getString("message")).contains("is not on the PATH");
    JsonObject elsewhere = migration("x");
    elsewhere.getJsonObject("migration").put("host", "127.0.0.1");
    assertThat(services.http.put(ExoscaleServices.ALL + "new", elsewhere).status()).isEqualTo(400);
  }

  /** Theirs is between the source's version and the service's. */
  private static int programs() throws IOException {
    Process process = new ProcessBuilder("pg_dump", "--version").start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Integer.parseInt(said.replaceFirst("(?s)^[^0-9]*([0-9]+).*", "$1"));
  }

  private static boolean installed() {
    return PROGRAMS.stream()
        .allMatch(
            program ->
                path().anyMatch(directory -> Files.isExecutable(directory.resolve(program))));
  }

  private static Stream<Path> path() {
    return Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).filter(Files::isDirectory);
  }

  /** All programs that there are, but for those. */
  private String pathWithout() throws IOException {
    Path bin = place.directory("bin");
    for (Path directory : path().toList()) {
      try (Stream<Path> programs = Files.list(directory)) {
        for (Path program : programs.toList()) {
          Path link = bin.resolve(program.getFileName());
          if (!PROGRAMS.contains(program.getFileName().toString())
              && !Files.exists(link)
              && Files.isRegularFile(program)) {
            Path unused = Files.createSymbolicLink(link, program);
          }
        }
      }
    }
    return bin.toString();
  }
}

package mooring.product;

import static mooring.product.CloudheedDatabases.login;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database's life through the Cloudheed API, on real data. */
@Tag("slow")
class BackupStoryIT {
  private static final String ROWS = "select string_agg(word, ' ' order by id) from words";

  @RegisterExtension final Workplace place = new Workplace();
  private CloudheedDatabases databases;
  private Databases uncloud;
  private Product product;

  @BeforeEach
  void start() throws IOException {
    product = new Product(place, "mooring", Map.of("MOORING_ADDRESS_POOL", "127.91.0.0/16"));
    product.start();
    connect();
  }

  @Test
  void whatWasWrittenBeforeABackupIsInTheRestoredDatabaseAndNothingElse() throws Exception {
    JsonObject shop = databases.create("shop", "small");
    String id = shop.getString("id");
    databases.awaitStatus(id, "running");
    Login there = login(shop);
    there.run(
        "create table words (id serial, word text)", "insert into words (word) values ('before')");

    JsonObject backup = databases.backUp(id, "before the sale");
    assertThat(backup.getString("type")).isEqualTo("manual");
    String backupId = backup.getString("id");
    JsonObject complete = databases.awaitBackup(id, backupId, "completed");
    assertThat(complete.getLong("size_bytes")).isPositive();
    assertThat(complete.getString("expires_at")).isNull();

    there.run("insert into words (word) values ('between')");
    String moment =
        there.ask(
            "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    there.run("insert into words (word) values ('after')");

    Login restored = login(running(databases.restore(id, backupId, "shop-before")));
    assertThat(restored.ask(ROWS)).isEqualTo("before");
    Login atMoment = restoredTo(id, moment);
    assertThat(atMoment.ask(ROWS)).isEqualTo("before between");
    assertThat(there.ask(ROWS)).isEqualTo("before between after");

    // What was restored goes on by itself, and leaves its origin alone.
    restored.run("insert into words (word) values ('new')");
    assertThat(restored.ask(ROWS)).isEqualTo("before new");
    assertThat(there.ask(ROWS)).isEqualTo("before between after");

    assertThat(databases.http.delete("/v1/databases/" + id + "/backups/" + backupId).status())
        .isEqualTo(204);
    assertThat(databases.backups(id))
        .extracting(one -> one.getString("id"))
        .doesNotContain(backupId);
  }

  @Test
  void stopsStartsGrowsAndChangesItsPassword() throws Exception {
    JsonObject shop = databases.create("shop", "micro");
    String id = shop.getString("id");
    String sameThere = "db_" + id.substring("db-".length());
    databases.awaitStatus(id, "running");
    Login login = login(shop);
    login.run(
        "create table words (id serial, word text)", "insert into words (word) values ('kept')");

    assertThat(databases.act(id, "stop").getString("status")).isEqualTo("stopping");
    assertThat(databases.awaitStatus(id, "stopped")).isSubsetOf(List.of("stopping"));
    assertThat(uncloud.status(sameThere)).isEqualTo("stopped");
    assertThatThrownBy(() -> login.ask("select 1")).isInstanceOf(SQLException.class);

    product.stop();
    product.start();
    connect();
    assertThat(databases.awaitStatus(id, "stopped")).isEmpty();

    assertThat(databases.act(id, "start").getString("status")).isEqualTo("starting");
    assertThat(databases.awaitStatus(id, "running")).isSubsetOf(List.of("starting"));
    assertThat(login.ask(ROWS)).isEqualTo("kept");

    String small = login.ask("show shared_buffers");
    assertThat(
            databases.act(id, "resize", new JsonObject().put("tier", "medium")).getString("status"))
        .isEqualTo("resizing");
    assertThat(databases.awaitStatus(id, "running")).isSubsetOf(List.of("resizing"));
    assertThat(databases.get(id).getString("tier")).isEqualTo("medium");
    assertThat(login.ask("show shared_buffers")).isNotEqualTo(small);

    String since = login.ask("select pg_postmaster_start_time()");
    assertThat(databases.act(id, "restart").getString("status")).isEqualTo("restarting");
    assertThat(databases.awaitStatus(id, "running")).isSubsetOf(List.of("restarting"));
    assertThat(login.ask("select pg_postmaster_start_time()")).isNotEqualTo(since);

    JsonObject changed = databases.act(id, "reset-password");
    assertThatThrownBy(() -> login.ask("select 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    assertThat(login(changed).ask(ROWS)).isEqualTo("kept");
    assertThat(uncloud.credentials(sameThere).getString("password"))
        .isEqualTo(changed.getString("password"));

    databases.delete(id);
    databases.awaitGone(id);
  }

  private JsonObject running(JsonObject accepted) {
    databases.awaitStatus(accepted.getString("id"), "running");
    return accepted;
  }

  /** The object of a restore to a moment carries no login; the database's own is found by name. */
  private Login restoredTo(String id, String moment) {
    databases.restoreTo(id, moment, "shop-then");
    String restored =
        uncloud.http.get(Databases.ALL).array().stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("name").equals("shop-then"))
            .map(one -> one.getString("id"))
            .findFirst()
            .orElseThrow();
    uncloud.awaitStatus(restored, "running");
    return Login.of(uncloud.credentials(restored));
  }

  private void connect() throws IOException {
    Map<String, String> exports =
        Exports.of(Files.readString(product.directory().resolve("data/credentials.env")));
    String token = exports.get("MOORING_TOKEN");
    databases = new CloudheedDatabases(product.client(token));
    uncloud = new Databases(product.client(token));
  }
}

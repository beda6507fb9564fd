package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster is restored in place through the IONOS API, on real data. */
@Tag("slow")
class RestoreStoryIT {
  private static final String ROWS = "select string_agg(word, ' ' order by id) from words";

  @RegisterExtension final Workplace place = new Workplace();
  private EmbeddedProduct mooring;
  private IonosClusters clusters;

  @BeforeEach
  void start() {
    mooring = new EmbeddedProduct(place, "127.116.0.0/16");
    clusters = mooring.ionos();
  }

  @Test
  void aClusterGoesBackInTimeAndOnFromThere() throws Exception {
    String id = clusters.create(IonosClusters.properties("shop"));
    clusters.awaitState(id, "AVAILABLE");
    Login login = clusters.login(id);
    String first = clusters.awaitBackup(id);
    login.run(
        "create table words (id serial, word text)", "insert into words (word) values ('before')");
    String moment =
        login.ask(
            "select to_char(clock_timestamp() at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    login.run("insert into words (word) values ('after')");

    clusters.restore(id, first, moment);
    assertThat(clusters.get(id).getJsonObject("metadata").getString("state")).isEqualTo("BUSY");
    clusters.awaitState(id, "AVAILABLE");
    assertThat(login.ask(ROWS)).isEqualTo("before");
    login.run("insert into words (word) values ('new')");

    List<JsonObject> logs = clusters.logs(id);
    assertThat(logs).hasSize(1);
    assertThat(logs.get(0).getJsonArray("messages").encode())
        .contains("ready to accept connections");

    String second = clusters.awaitBackup(id);
    List<JsonObject> backups = clusters.backups(id);
    assertThat(backups)
        .extracting(one -> one.getJsonObject("properties").getBoolean("isActive"))
        .containsExactly(true, false);
    assertThat(backups).extracting(one -> one.getString("id")).containsExactly(second, first);
    mooring.awaitServers(1);

    // The one before still holds what came after the moment.
    clusters.restore(id, first, null);
    clusters.awaitState(id, "AVAILABLE");
    assertThat(login.ask(ROWS)).isEqualTo("before after");
    clusters.restore(id, second, null);
    clusters.awaitState(id, "AVAILABLE");
    assertThat(login.ask(ROWS)).isEqualTo("before new");
    mooring.awaitServers(1);

    // What it leaves when it is deleted is enough for another one.
    String last = clusters.awaitBackup(id);
    login.run("insert into words (word) values ('last')");
    clusters.delete(id);
    clusters.awaitGone(id);
    mooring.awaitServers(0);
    assertThat(clusters.backups("")).extracting(one -> one.getString("id")).contains(last);
    JsonObject from = new JsonObject().put("backupId", last);
    String copy = clusters.create(IonosClusters.properties("again").put("fromBackup", from));
    clusters.awaitState(copy, "AVAILABLE");
    assertThat(clusters.login(copy).ask(ROWS)).isEqualTo("before new last");
    mooring.awaitServers(1);
  }
}

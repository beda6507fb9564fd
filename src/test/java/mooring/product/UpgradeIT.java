package mooring.product;

import static mooring.product.CrashCase.ALONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A major upgrade where the programs for it are missing: all is as before, and it is told why. */
@Tag("slow")
class UpgradeIT {
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/16/bin/pg_upgrade");
  private static final String REASON = "are not in /usr/lib/postgresql";

  @RegisterExtension final Workplace place = new Workplace();
  private EmbeddedProduct mooring;
  private IonosClusters clusters;

  @BeforeEach
  void start() {
    assumeTrue(!Files.exists(PROGRAMS), "this machine can upgrade");
    mooring = new EmbeddedProduct(place, "127.113.0.0/16");
    clusters = mooring.ionos();
  }

  @Test
  void aClusterStaysAtItsVersionWithAllItHas() throws Exception {
    String id = clusters.create(IonosClusters.properties("shop").put("postgresVersion", "15"));
    clusters.awaitState(id, "AVAILABLE");
    Login login = clusters.login(id);
    login.run("create table words (word text)", "insert into words values ('kept')");
    String backup = clusters.awaitBackup(id);

    assertCanBeChecked();
    upgrade(id);
    clusters.awaitState(id, "AVAILABLE");
    assertReverted(id, "CREATE SUCCEEDED, UPGRADE FAILED");
    assertThat(clusters.logs(id).get(0).getJsonArray("messages").encode()).contains(REASON);
    assertThat(login.ask("select word from words")).isEqualTo("kept");
    assertThat(clusters.backups(id)).extracting(one -> one.getString("id")).containsExactly(backup);

    // The archive has no gap.
    login.run("insert into words values ('after')");
    clusters.restore(id, backup, null);
    clusters.awaitState(id, "AVAILABLE");
    assertThat(login.ask("select string_agg(word, ' ') from words")).isEqualTo("kept after");
    mooring.awaitServers(1);
  }

  @Test
  void killedMeanwhileItIsTheSame() throws Exception {
    for (String moment : new String[] {"answered", "applied", "reverting"}) {
      JsonObject wish = IonosClusters.properties(moment.replace(' ', '-'));
      String id = clusters.create(wish.put("postgresVersion", "15"));
      clusters.awaitState(id, "AVAILABLE");
      Login login = clusters.login(id);
      login.run("create table words (word text)", "insert into words values ('kept')");
      mooring.listen();
      upgrade(id);
      mooring.crash(moment, () -> reached(moment, id), ALONE);
      clusters.awaitState(id, "AVAILABLE");
      assertReverted(id, "CREATE SUCCEEDED, UPGRADE FAILED");
      assertThat(login.ask("select word from words")).as(moment).isEqualTo("kept");
    }
    mooring.awaitServers(3);
  }

  /** The server itself is asked, by its owner, what it holds. */
  private void assertCanBeChecked() {
    JsonObject task =
        mooring
            .exoscale()
            .post(
                "/v2/dbaas-postgres/shop/upgrade-check",
                new JsonObject().put("target-version", "16"))
            .json();
    assertThat(mooring.exoscale().get("/v2/dbaas-ca-certificate").json().getString("certificate"))
        .startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(task.getBoolean("success")).as(task.encode()).isFalse();
    assertThat(task.getString("result"))
        .contains(REASON)
        .endsWith("Not checked: what pg_upgrade looks at by itself when it begins.");
  }

  private boolean reached(String moment, String id) {
    return switch (moment) {
      case "applied" ->
          mooring.objects().asked("db-" + shortId(id)).contains("-pg16") || !recorded(id).isEmpty();
      case "reverting" -> recorded(id).contains(REASON);
      default -> true;
    };
  }

  /** Why the upgrade is being undone. */
  private String recorded(String id) {
    String query = "select coalesce(max(reason), '') from operation where kind = 'UPGRADE'";
    return mooring.ledger().ask(query + " and instance = '" + id + "'");
  }

  private String shortId(String id) {
    return mooring.ledger().ask("select short_id from instance where id = '" + id + "'");
  }

  private void upgrade(String id) {
    JsonObject busy = clusters.patch(id, new JsonObject().put("postgresVersion", "16"));
    assertThat(busy.getJsonObject("metadata").getString("state")).isEqualTo("BUSY");
    assertThat(busy.getJsonObject("properties").getString("postgresVersion")).isEqualTo("16");
  }

  private void assertReverted(String id, String operations) {
    JsonObject shown = clusters.get(id);
    assertThat(shown.getJsonObject("properties").getString("postgresVersion")).isEqualTo("15");
    assertThat(mooring.ledger().operations("db_" + shortId(id))).isEqualTo(operations);
    assertThat(
            mooring
                .ledger()
                .ask(
                    "select outcome || ': ' || reason from audit where action = 'UPGRADE'"
                        + " and subject = '"
                        + id
                        + "'"))
        .startsWith("FAILED: ")
        .contains(REASON);
  }
}

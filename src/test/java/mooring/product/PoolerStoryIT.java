package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.Map;
import mooring.HostPrograms;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection pooler comes and goes with what the IONOS API asks for, on real data. */
@Tag("slow")
class PoolerStoryIT {
  @RegisterExtension final Workplace place = new Workplace();

  @Test
  void clientsReachTheirDatabaseThroughAPooler() throws Exception {
    assumeTrue(HostPrograms.have("pgbouncer"), "there is no pgbouncer");
    EmbeddedProduct mooring = new EmbeddedProduct(place, "127.117.0.0/16");
    try {
      comesAndGoes(mooring);
    } finally {
      mooring.product.stop(); // and with it what it runs
    }
  }

  private static void comesAndGoes(EmbeddedProduct mooring) throws SQLException {
    IonosClusters clusters = mooring.ionos();
    String id = clusters.create(IonosClusters.properties("shop"));
    clusters.awaitState(id, "AVAILABLE");
    Login direct = clusters.login(id);
    Login pooled = new Login(direct.host(), 6432, "owner", IonosClusters.PASSWORD, "postgres");
    assertThatThrownBy(() -> pooled.ask("select 1")).isInstanceOf(SQLException.class);

    clusters.patch(id, pooler(true, "transaction"));
    clusters.awaitState(id, "AVAILABLE");
    assertThat(pooled.ask("select current_user || inet_server_port()")).isEqualTo("owner5432");
    assertThatThrownBy(
            () -> new Login(direct.host(), 6432, "owner", "wrong", "postgres").ask("select 1"))
        .isInstanceOf(SQLException.class);

    clusters.patch(id, pooler(true, "session"));
    clusters.awaitState(id, "AVAILABLE");
    assertThat(pooled.ask("select 1")).isEqualTo("1");
    mooring.product.kill();
    mooring.product.start();
    mooring.ionos().awaitState(id, "AVAILABLE");
    assertThat(pooled.ask("select 2")).isEqualTo("2");

    mooring.ionos().patch(id, pooler(false, "session"));
    mooring.ionos().awaitState(id, "AVAILABLE");
    // It ends by itself, once who runs it has heard that it is not wanted any more.
    pooled.awaitsRefusal("refused");
    assertThat(direct.ask("select 1")).isEqualTo("1");
  }

  private static JsonObject pooler(boolean enabled, String mode) {
    return JsonObject.of(
        "connectionPooler", new JsonObject(Map.of("enabled", enabled, "poolMode", mode)));
  }
}

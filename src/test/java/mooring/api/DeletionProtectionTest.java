package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import mooring.core.Caller;
import mooring.core.Instance;
import mooring.core.Revised;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A database that is protected is deleted through no API. */
class DeletionProtectionTest {
  private static ApiOnStore server;

  @BeforeAll
  static void start() {
    server = new ApiOnStore();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyApiRefusesUntilItIsTakenBack() {
    UUID tenant = server.newTenant();
    ContractClient client = server.api.client(server.token(tenant, "dkc_live_"));
    Instance made = server.running(client, "kept");
    String shortId = made.shortId();
    String id = "db-" + shortId;
    Caller caller = new Caller(tenant, null, null);

    Instance kept = protect(caller, shortId, true);
    assertThat(kept.setup().policy().deletionProtected()).isTrue();
    assertThat(kept.operation()).as("nothing is to be done for it").isEqualTo(made.operation());
    assertThat(server.store.instances().find(shortId).blockingGet()).isEqualTo(kept);
    List<String> paths =
        List.of(
            "/v1/databases/" + id,
            "/api/v1/databases/db_" + shortId,
            "/databases/postgresql/clusters/" + kept.id());
    for (String path : paths) {
      ContractClient.Answer refused = client.delete(path);
      assertThat(refused.status()).as(path).isEqualTo(409);
      assertThat(refused.body().toString()).contains("protected");
      assertThat(client.get(path).status()).isEqualTo(200);
    }

    assertThat(protect(caller, shortId, false).operation()).isEqualTo(made.operation());
    assertThat(client.delete(paths.get(1)).status()).isEqualTo(204);
  }

  private static Instance protect(Caller caller, String shortId, boolean on) {
    Revised revised =
        server
            .api
            .instances
            .revise(caller, shortId, true, one -> one.deletionProtected(on))
            .blockingGet();
    assertThat(revised.begun()).isFalse();
    return revised.instance();
  }
}

package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import mooring.core.Instance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name of two dots in a path must not make another request of it. */
class DotSegmentsTest {
  private static ApiOnStore server;

  @BeforeAll
  static void start() {
    server = new ApiOnStore();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "%2e%2E", ".%2e", "%2E."})
  void whatHoldsTheThingIsNotDeletedInItsPlace(String dots) {
    UUID tenant = server.newTenant();
    ContractClient client = server.api.client(server.token(tenant, "dkc_live_"));
    Instance made = server.running(client, "kept");
    UUID uuid = made.id();
    String shortId = made.shortId();
    String id = "db-" + shortId;
    List<String> paths =
        List.of(
            "/v1/databases/" + id + "/backups/" + dots,
            "/api/v1/databases/db_" + shortId + "/any/" + dots,
            "/databases/postgresql/clusters/" + uuid + "/users/" + dots,
            "/clusters/" + uuid + "/databases/" + dots,
            "/v2/dbaas-postgres/kept/user/" + dots,
            "/dbaas-postgres/kept/connection-pool/" + dots + "/",
            "/dbaas-postgres/kept/database/" + dots + "?any=thing");
    for (String path : paths) {
      ContractClient.Answer answer = client.delete(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.error()).as(path).isEqualTo("not found");
    }
    assertThat(client.delete("/any/" + dots + "/v1/databases/" + id).status()).isEqualTo(404);
    assertThat(client.get("/v1/databases/" + id).json().getString("status")).isEqualTo("running");
  }

  @Test
  void otherDotsAreNames() {
    assertThat(DotSegments.in("/a/...")).isFalse();
    assertThat(DotSegments.in("/a/.b/c..")).isFalse();
    assertThat(DotSegments.in("/a/%2eb")).isFalse();
    assertThat(DotSegments.in("/a/%252e%252e")).isFalse();
    assertThat(DotSegments.in("/a/..%2Fb")).isFalse();
    assertThat(DotSegments.in("/a/./b")).isTrue();
    assertThat(DotSegments.in("/../b")).isTrue();
  }
}

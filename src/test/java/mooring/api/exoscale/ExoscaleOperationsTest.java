package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import mooring.api.ApiFixture;
import mooring.api.ContractClient.Answer;
import mooring.store.ChangeFeed;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How operations are read. */
class ExoscaleOperationsTest extends ExoscaleTestBase {
  private static final JsonObject PLAN = new JsonObject().put("plan", "startup-4");

  @Test
  void aFailureHasAReason() {
    String operation = create("orders", PLAN);
    server.fail(row("orders"), "no image for that");
    JsonObject failed = operation(operation);
    assertThat(failed.getString("state")).isEqualTo("failure");
    assertThat(failed.getString("reason")).isEqualTo("fault");
    assertThat(failed.getString("message")).isEqualTo("no image for that");
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isEqualTo("rebuilding");
  }

  @Test
  void aDeletionInterruptsWhatIsUnderWay() {
    String create = create("orders", PLAN);
    String delete = pending(client.delete(POSTGRES + "orders"));
    // How it ended was never told, so it is looked up.
    JsonObject interrupted = operation(create);
    assertThat(interrupted.getString("state")).isEqualTo("failure");
    assertThat(interrupted.getString("reason")).isEqualTo("interrupted");
    finish("orders");
    assertThat(operation(create)).isEqualTo(interrupted);
    assertThat(operation(delete).getString("state")).isEqualTo("success");
  }

  @Test
  void anothersOperationIsNotThere() {
    String operation = create("orders", PLAN);
    Answer foreign = newTenant().get("/v2/operation/" + operation);
    refused(foreign, 404, "operation not found");
    assertThat(newTenant().get("/v2/operation/" + UUID.randomUUID()).body())
        .isEqualTo(foreign.body());
    assertThat(client.get("/operation/1").status()).isEqualTo(404);
    assertThat(newTenant().get("/v2/operation/" + row("orders").id()).body())
        .isEqualTo(foreign.body());
  }

  @Test
  void anUnchangedOneCostsNoBody() {
    String path = "/v2/operation/" + create("orders", PLAN);
    String tag = client.get(path).header("etag");
    assertThat(client.get(path, "If-None-Match", tag).status()).isEqualTo(304);
    finish("orders");
    assertThat(client.get(path, "If-None-Match", tag).status()).isEqualTo(200);
  }

  @Test
  void anotherReplicaKnowsThemAll() {
    String create = create("orders", PLAN);
    finish("orders");
    String update =
        pending(client.put(POSTGRES + "orders", new JsonObject().put("plan", "startup-8")));
    Vertx vertx = Vertx.vertx();
    try (ApiFixture other = new ApiFixture(vertx, server.store)) {
      ChangeFeed changes = server.store.feed(other.feed);
      other.feed.synced(1);
      Awaitility.await().until(other.feed::ready);
      var there = other.client(null).signed(Signing.with(key.name(), key.secret()));
      assertThat(there.get("/v2/operation/" + create).json().getString("state"))
          .isEqualTo("success");
      assertThat(there.get("/v2/operation/" + update).json().getString("state"))
          .isEqualTo("pending");
      changes.close().blockingAwait();
    } finally {
      ApiFixture.await(vertx.close());
    }
  }
}

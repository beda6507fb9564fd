package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import mooring.api.ApiFixture;
import mooring.api.ApiOnStore;
import mooring.api.ContractClient.Answer;
import mooring.core.Caller;
import mooring.core.Deadlines;
import mooring.core.Instance;
import mooring.store.ChangeFeed;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not done within 60 s: the platform shows no object of the database | not done within 60 s:"
            + " the platform shows no object of the service",
        "the database's cluster object has gone | the service's cluster object has gone",
        "another object stands for the database orders"
            + " | another object stands for the database orders",
        "cannot change the database's owner | cannot change the database's owner",
        "ERROR: database \"orders\" is being accessed by other users"
            + " | ERROR: database \"orders\" is being accessed by other users",
      })
  void aServiceIsNoDatabaseButHasSome(String reason, String message) {
    String operation = create("orders", PLAN);
    server.fail(row("orders"), reason);
    assertThat(operation(operation).getString("message")).isEqualTo(message);
  }

  @Test
  void whatIsNotDoneInTimeHasTimedOut() {
    Instance made = running("orders");
    Vertx vertx = Vertx.vertx();
    Deadlines none = new Deadlines(Duration.ofMillis(1), Duration.ofMillis(1));
    try (ApiFixture hasty = new ApiFixture(vertx, server.store, none)) {
      hasty.feed.publish(made);
      hasty.feed.observed(ApiOnStore.healthy(made, made.revision() + 100));
      Instance restarting =
          hasty.instances.restart(new Caller(tenant, null, null), made.shortId()).blockingGet();
      Instance unused = server.fail(restarting, "the servers are not up yet");
      JsonObject late = operation(restarting.operation().id().toString());
      assertThat(late.getString("state")).isEqualTo("timeout");
      assertThat(late.getString("reason")).isEqualTo("unavailable");
      assertThat(late.getString("message")).isEqualTo("the servers are not up yet");
    } finally {
      ApiFixture.await(vertx.close());
    }
  }

  @Test
  void aDeletionInterruptsWhatIsUnderWay() {
    String create = create("orders", PLAN);
    String delete = pending(client.delete(POSTGRES + "orders"));
    // How it ended was never told, so it is looked up.
    JsonObject interrupted = operation(create);
    assertThat(interrupted.getString("state")).isEqualTo("failure");
    assertThat(interrupted.getString("reason")).isEqualTo("interrupted");
    assertThat(interrupted.getString("message"))
        .isEqualTo("superseded by the deletion of the service");
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
    String interrupted = create("stock", PLAN);
    String deletion = pending(client.delete(POSTGRES + "stock"));
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
      assertThat(there.get("/v2/operation/" + interrupted).json().getString("reason"))
          .isEqualTo("interrupted");
      assertThat(there.get("/v2/operation/" + deletion).json().getString("state"))
          .isEqualTo("pending");
      changes.close().blockingAwait();
    } finally {
      ApiFixture.await(vertx.close());
    }
  }
}

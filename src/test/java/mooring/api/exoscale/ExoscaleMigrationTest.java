package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import mooring.api.ContractClient.Answer;
import mooring.core.Instance;
import mooring.core.Migration;
import mooring.core.Migration.Copy;
import mooring.core.Operation;
import mooring.core.Operation.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imports of data from elsewhere; what a worker does is done by hand. */
class ExoscaleMigrationTest extends ExoscaleTestBase {
  private static final String STATUS = "/v2/dbaas-migration-status/";
  private static final String STOP = "/migration/stop";

  private static JsonObject source() {
    return new JsonObject()
        .put("host", "db.example.com")
        .put("port", 5433)
        .put("username", "app")
        .put("password", "source-s3cret")
        .put("dbname", "app")
        .put("ssl", true)
        .put("method", "dump");
  }

  private static JsonObject asked(JsonObject source) {
    return new JsonObject().put("migration", source);
  }

  private JsonObject status(String name) {
    Answer answer = client.get(STATUS + name);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json();
  }

  private String stop(String name) {
    return pending(client.send("POST", POSTGRES + name + STOP, null));
  }

  private String password(String name) {
    return server.store.instances().migrationPassword(row(name)).blockingGet();
  }

  /** What the source has is recorded, and that some of it is copied. */
  private static Instance record(Instance claimed, List<Copy> copies) {
    Operation held = claimed.operation();
    Instance recorded =
        server
            .store
            .operations()
            .record(
                held.id(),
                held.attempt(),
                one -> one.migrating(one.migration().found("192.0.2.1", copies)))
            .blockingGet();
    server.api.feed.publish(recorded);
    return recorded;
  }

  private static void end(Instance claimed, Outcome outcome, String reason) {
    Operation held = claimed.operation();
    server.api.feed.publish(
        server
            .store
            .operations()
            .end(held.id(), held.attempt(), outcome, reason, null)
            .blockingGet());
  }

  @Test
  void aMigrationTellsHowEachDatabaseStandsAlsoAfterItsEnd() {
    Instance before = running("orders");
    refused(client.get(STATUS + "orders"), 404, "the service has no migration");
    refused(client.send("POST", POSTGRES + "orders" + STOP, null), 404, "no migration is running");

    String operation = pending(client.put(POSTGRES + "orders", asked(source())));

    assertThat(status("orders"))
        .isEqualTo(new JsonObject("{\"status\":\"running\",\"method\":\"dump\",\"details\":[]}"));
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isEqualTo("running");
    assertThat(password("orders")).isEqualTo("source-s3cret");
    assertThat(row("orders").migration().source())
        .isEqualTo(new Migration.Source("db.example.com", 5433, "app", "app", true));
    String busy = "another operation is running";
    refused(client.put(POSTGRES + "orders", new JsonObject().put("work-mem", 8)), 409, busy);
    refused(client.put(POSTGRES + "orders", asked(source())), 409, busy);

    Instance claimed = server.claim(row("orders"));
    Instance unused =
        record(claimed, List.of(Copy.of("app").done(), Copy.of("defaultdb"), Copy.of("shop")));
    assertThat(status("orders").getJsonArray("details").encode())
        .isEqualTo(
            "[{\"dbname\":\"app\",\"method\":\"dump\",\"status\":\"done\"},"
                + "{\"dbname\":\"defaultdb\",\"method\":\"dump\",\"status\":\"running\"},"
                + "{\"dbname\":\"shop\",\"method\":\"dump\",\"status\":\"running\"}]");
    assertThat(operation(operation).getString("state")).isEqualTo("pending");

    end(claimed, Outcome.SUCCEEDED, null);
    assertThat(operation(operation).getString("state")).isEqualTo("success");
    assertThat(status("orders").getString("status")).isEqualTo("done");
    assertThat(password("orders")).as("forgotten").isEmpty();
    assertThat(row("orders").spec()).isEqualTo(before.spec());
    refused(client.send("POST", POSTGRES + "orders" + STOP, null), 404, "no migration is running");
    refused(newTenant().get(STATUS + "orders"), 404, "service not found");
  }

  @ParameterizedTest
  @CsvSource({
    "unsupported: pg_dump is not on the PATH, unsupported",
    "forbidden: the source's host must not lead there, forbidden",
    "partial: not copied: shop, partial",
    "incorrect: the source does not let this user in, incorrect",
    "not-found: the source has no such database, not-found",
    "unavailable: the source cannot be reached, unavailable",
    "no route to host, fault",
  })
  void aFailureIsToldWithItsReason(String reason, String word) {
    Instance unused = running("orders");
    String operation = pending(client.put(POSTGRES + "orders", asked(source())));
    Instance claimed = server.claim(row("orders"));
    Instance recorded = record(claimed, List.of(Copy.of("app").failed("too new"), Copy.of("b")));
    assertThat(recorded.migration().listed()).isTrue();
    end(claimed, Outcome.FAILED, reason);

    JsonObject ended = operation(operation);
    assertThat(ended.getString("state")).isEqualTo("failure");
    assertThat(ended.getString("reason")).isEqualTo(word);
    assertThat(ended.getString("message")).isEqualTo(reason);
    JsonObject status = status("orders");
    assertThat(status.getString("status")).isEqualTo("failed");
    assertThat(status.getString("error")).isEqualTo(reason);
    assertThat(status.getJsonArray("details").getJsonObject(0).getString("error"))
        .isEqualTo("too new");
    assertThat(status.getJsonArray("details").getJsonObject(1).getString("status"))
        .isEqualTo("failed");
    assertThat(client.get(POSTGRES + "orders").json().getString("state")).isEqualTo("running");
    String again = pending(client.put(POSTGRES + "orders", asked(source())));
    assertThat(again).isNotEqualTo(operation);
  }

  @Test
  void oneThatIsStoppedEndsAsInterrupted() {
    Instance unused = running("orders");
    String operation = pending(client.put(POSTGRES + "orders", asked(source())));
    refused(newTenant().send("POST", POSTGRES + "orders" + STOP, null), 404, "service not found");

    String stop = stop("orders");

    JsonObject ended = operation(operation);
    assertThat(ended.getString("state")).isEqualTo("failure");
    assertThat(ended.getString("reason")).isEqualTo("interrupted");
    assertThat(ended.getString("message")).isEqualTo("the migration was stopped");
    assertThat(operation(stop).getString("state")).isEqualTo("pending");
    assertThat(status("orders").getString("status")).isEqualTo("failed");
    refused(client.send("POST", POSTGRES + "orders" + STOP, null), 404, "no migration is running");
    end(server.claim(row("orders")), Outcome.SUCCEEDED, null);
    assertThat(operation(stop).getString("state")).isEqualTo("success");
    assertThat(status("orders").getString("error")).isEqualTo("the migration was stopped");
    assertThat(password("orders")).isEmpty();
  }

  @Test
  void oneThatIsAskedForWithAServiceBeginsWhenThatRuns() {
    String create = create("orders", asked(source()).put("plan", "startup-4"));
    assertThat(status("orders").getString("status")).isEqualTo("pending");
    Instance made = finish("orders");
    assertThat(operation(create).getString("state")).isEqualTo("success");

    Instance begun = server.api.instances.migrations().begin(made).blockingGet();

    assertThat(status("orders").getString("status")).isEqualTo("running");
    assertThat(password("orders")).isEqualTo("source-s3cret");
    String stop = stop("orders");
    assertThat(operation(begun.operation().id().toString()).getString("reason"))
        .isEqualTo("interrupted");
    assertThat(stop).isNotNull();
  }

  @Test
  void oneThatHasNotBegunIsWithdrawnAtOnce() {
    String unused = create("orders", asked(source()).put("plan", "startup-4"));
    refused(newTenant().send("POST", POSTGRES + "orders" + STOP, null), 404, "service not found");

    Answer stopped = client.send("POST", POSTGRES + "orders" + STOP, null);

    assertThat(stopped.json().getString("state")).isEqualTo("success");
    assertThat(status("orders").getString("error")).isEqualTo("the migration was stopped");
    assertThat(password("orders")).isEmpty();
    assertThat(row("orders").operation().running()).as("the creation").isTrue();
    Instance made = finish("orders");
    assertThatThrownBy(() -> server.api.instances.migrations().begin(made).blockingGet())
        .hasMessageContaining("another replica was first");
    refused(client.send("POST", POSTGRES + "orders" + STOP, null), 404, "no migration is running");
  }

  @Test
  void aStopThatHasFailedCanBeAskedForAgain() {
    Instance unused = running("orders");
    String operation = pending(client.put(POSTGRES + "orders", asked(source())));
    String first = stop("orders");
    end(server.claim(row("orders")), Outcome.FAILED, "the platform is away");
    assertThat(operation(first).getString("state")).isEqualTo("failure");
    assertThat(status("orders").getString("status")).isEqualTo("failed");

    String second = stop("orders");

    assertThat(second).isNotIn(operation, first);
    end(server.claim(row("orders")), Outcome.SUCCEEDED, null);
    assertThat(operation(second).getString("state")).isEqualTo("success");
    assertThat(row("orders").migration().phase()).isEqualTo(Migration.Phase.STOPPED);
    refused(client.send("POST", POSTGRES + "orders" + STOP, null), 404, "no migration is running");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host | \"127.0.0.1\" | must not lead to a loopback",
        "host | \"169.254.169.254\" | must not lead to",
        "host | \"::ffff:127.0.0.1\" | must not lead to",
        "host | \"localhost\" | must not lead to",
        "host | \"2130706433\" | must be a host name or an IP address",
        "host | \"/tmp\" | must be a host name or an IP address",
        "host | null | must be",
        "port | 65536 | between 1 and 65535",
        "username | \"\" | 1 to 255 characters",
        "username | \"a\\u0000b\" | no control characters",
        "password | \"a\\nb\" | no control characters",
        "dbname | \"\\u007f\" | no control characters",
        "method | \"replication\" | replication is not offered",
        "method | \"copy\" | must be one of dump, replication",
        "ssl | 1 | must be",
      })
  void aMemberThatIsRefusedIsNamed(String member, String value, String message) {
    Instance before = running("orders");
    JsonObject wrong = new JsonObject("{\"v\":" + value + "}");
    JsonObject asked = asked(source().put(member, wrong.getValue("v")));
    String location = "$['migration']['" + member + "']";
    invalid(client.put(POSTGRES + "orders", asked), location, message);
    assertThat(row("orders")).isEqualTo(before);
    invalid(client.post(POSTGRES + "other", asked.put("plan", "startup-4")), location, message);
    assertThat(row("other")).isNull();
  }

  @Test
  void itIsAskedForAlone() {
    Instance before = running("orders");
    for (JsonObject more :
        List.of(
            new JsonObject().put("work-mem", 8),
            new JsonObject().put("plan", "startup-8"),
            new JsonObject().put("termination-protection", true))) {
      invalid(
          client.put(POSTGRES + "orders", asked(source()).mergeIn(more)),
          "$['migration']",
          "together with other changes");
    }
    assertThat(row("orders").operation()).isEqualTo(before.operation());
    refused(client.put(POSTGRES + "none", asked(source())), 404, "service not found");
    String allowed =
        pending(client.put(POSTGRES + "orders", asked(source().put("host", "192.0.2.7"))));
    assertThat(operation(allowed).getString("state")).isEqualTo("pending");
  }

  @Test
  void itNeedsAServiceThatRuns() {
    String unused = create("orders", new JsonObject().put("plan", "startup-4"));
    refused(client.put(POSTGRES + "orders", asked(source())), 409, "cannot be changed now");
  }
}

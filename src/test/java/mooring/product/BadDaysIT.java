package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the product stands on goes away for a while, or the product itself does. */
class BadDaysIT {
  private static final Duration OUTAGE = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension final Workplace place = new Workplace();
  private Installation installation;
  private Product product;
  private Databases databases;

  @BeforeEach
  void install() {
    installation = new Installation(place, "127.80.0.0/16");
    product = installation.replica("mooring");
    databases = new Databases(product.client(installation.tenant("shop")));
  }

  @Test
  @Tag("slow")
  void kubernetesIsAwayAndTheServerIsKilledMeanwhile() throws Exception {
    installation.operator.start();
    product.start();
    String first = databases.create("first");
    databases.awaitStatus(first, "running");

    installation.kubernetes.kill();
    String second = databases.create("second");
    String dropped = databases.create("dropped");
    databases.delete(dropped);
    await("polls go on")
        .during(OUTAGE)
        .atMost(LIMIT)
        .until(() -> databases.poll(first) == 200 && databases.poll(second) == 200);
    assertThat(databases.status(first)).isEqualTo("running");
    assertThat(databases.status(second)).isEqualTo("provisioning");
    installation.kubernetes.start();
    databases.awaitStatus(second, "running");
    databases.awaitGone(dropped);

    // Accepted, and killed before anything of it could be applied.
    installation.kubernetes.kill();
    String third = databases.create("third");
    product.kill();
    product.launch();
    await("it says that it is not ready").atMost(LIMIT).until(() -> databases.poll(third) == 503);
    assertThat(product.ready()).isFalse();
    installation.kubernetes.start();
    await("ready").atMost(LIMIT).until(product::ready);
    databases.awaitStatus(third, "running");

    assertThat(installation.kubernetes.clusters()).hasSize(3);
    for (String id : databases.listed()) {
      databases.awaitStatus(id, "running");
      assertThat(installation.records.operations(id)).isEqualTo("CREATE SUCCEEDED");
      assertThat(Login.of(databases.credentials(id)).ask("select 1")).isEqualTo("1");
    }
    assertThat(databases.listed()).containsExactly(third, second, first);
  }

  @Test
  void theRecordsAreAway() {
    installation.operator.start();
    product.start();
    String known = databases.create("known");
    databases.awaitStatus(known, "running");
    assertThat(databases.poll("db_00000000")).isEqualTo(404);

    installation.records.stop();
    await("polls go on, writes are refused")
        .during(OUTAGE)
        .atMost(LIMIT)
        .until(() -> databases.poll(known) == 200 && refusedForNow("later"));
    assertThat(databases.status(known)).isEqualTo("running");
    assertThat(databases.poll("db_00000001")).as("never a guess").isEqualTo(503);
    await("not ready").atMost(LIMIT).until(() -> !product.ready());
    assertThat(product.readiness().getJsonArray("failing")).containsExactly("change feed");

    installation.records.start();
    await("ready").atMost(LIMIT).until(product::ready);
    await("writes again").atMost(LIMIT).until(() -> !refusedForNow("after"));
    String after = databases.listed().get(0);
    databases.awaitStatus(after, "running");
    assertThat(databases.listed()).containsExactly(after, known);
    databases.delete(known);
    databases.awaitGone(known);
  }

  @Test
  @Tag("slow")
  void anOperatorThatIsLateOrNeverAnswers() throws Exception {
    product.with("MOORING_CREATE_DEADLINE", "10s").start();
    String never = databases.create("never");
    String late = databases.create("late");
    databases.awaitStatus(never, "error");
    databases.awaitStatus(late, "error");
    JsonObject failed = databases.get(late);
    assertThat(failed.getString("status_reason"))
        .startsWith("the create was not done within 10 s: 0 of ");
    assertThat(installation.records.operations(late)).isEqualTo("CREATE FAILED");

    databases.delete(never);
    databases.awaitGone(never);

    installation.operator.start();
    databases.awaitStatus(late, "running");
    assertThat(databases.get(late).containsKey("status_reason")).isFalse();
    assertThat(Login.of(databases.credentials(late)).ask("select 1")).isEqualTo("1");
    assertThat(installation.kubernetes.clusters()).hasSize(1);
  }

  /** Whether a create is answered as it has to be while the records are away. */
  private boolean refusedForNow(String name) {
    Answer answer = databases.http.post(Databases.ALL, Databases.body(name));
    if (answer.status() == 201) {
      return false;
    }
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(503);
    assertThat(answer.header("retry-after")).matches("[1-9][0-9]*");
    return true;
  }
}

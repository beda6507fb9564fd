package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import mooring.Tries;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas share the records and a Kubernetes API. */
class TwoReplicasIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension final Workplace place = new Workplace();
  private Installation installation;
  private Product one;
  private Product other;
  private Databases atOne;
  private Databases atOther;

  @BeforeEach
  void install() {
    installation = new Installation(place, "127.82.0.0/16");
    one = installation.replica("one");
    other = installation.replica("other");
    String token = installation.tenant("shop");
    atOne = new Databases(one.client(token));
    atOther = new Databases(other.client(token));
    one.launch();
    other.launch();
    await("both are ready").atMost(LIMIT).until(() -> one.ready() && other.ready());
  }

  @Test
  void whatOneAcceptsTheOtherKnows() throws Exception {
    installation.operator.start();
    String id = atOne.create("orders");
    assertThat(atOther.poll(id)).as("at once").isEqualTo(200);
    await("listed").atMost(SOON).until(() -> atOther.listed().equals(List.of(id)));
    assertThat(atOther.credentials(id)).isEqualTo(atOne.credentials(id));
    atOther.awaitStatus(id, "running");
    atOne.awaitStatus(id, "running");
    assertThat(atOther.get(id)).isEqualTo(atOne.get(id));

    for (int i = 0; i < 10; i++) {
      assertOneOfTwoWins("pair-" + i);
    }
    revokedEverywhere();

    atOther.delete(id);
    atOne.awaitGone(id);
    atOther.awaitGone(id);
    assertThat(installation.records.operations(id)).isEqualTo("CREATE SUCCEEDED, DELETE SUCCEEDED");
  }

  @Test
  @Tag("slow")
  void theOtherTakesOverFromOneThatIsKilled() throws Exception {
    String id = atOne.create("orders");
    await("somebody works").atMost(LIMIT).until(() -> working(one) != working(other));
    await("applied").atMost(LIMIT).until(() -> installation.kubernetes.clusters().size() == 1);
    List<String> applied = installation.kubernetes.clusters();
    boolean heldByOne = working(one);
    Product survivor = heldByOne ? other : one;
    Databases left = heldByOne ? atOther : atOne;

    (heldByOne ? one : other).kill();
    assertThat(left.status(id)).isEqualTo("provisioning");
    await("taken over").atMost(LIMIT).until(() -> working(survivor));
    installation.operator.start();
    left.awaitStatus(id, "running");

    await("ended").atMost(LIMIT).until(() -> !working(survivor));
    assertThat(installation.records.operations(id)).isEqualTo("CREATE SUCCEEDED");
    assertThat(installation.records.ask("select attempt from operation")).isEqualTo("2");
    assertThat(installation.kubernetes.clusters()).isEqualTo(applied);
    assertThat(Login.of(left.credentials(id)).ask("select 1")).isEqualTo("1");
  }

  private void assertOneOfTwoWins(String name) {
    List<CompletableFuture<Answer>> answers =
        Stream.of(atOne, atOther)
            .map(
                databases ->
                    CompletableFuture.supplyAsync(
                        () -> databases.http.post(Databases.ALL, Databases.body(name))))
            .toList();
    assertThat(answers.stream().map(CompletableFuture::join).map(Answer::status))
        .as(name)
        .containsExactlyInAnyOrder(201, 409);
  }

  private void revokedEverywhere() {
    String tokens = "/api/v1/api-tokens";
    JsonObject asked =
        new JsonObject().put("name", "reader").put("scopes", new JsonArray().add("databases:read"));
    Tries.oneWithin(
        Duration.ofSeconds(1),
        () -> {
          JsonObject issued = atOne.http.post(tokens, asked).json();
          ContractClient reader = atOther.http.as(issued.getString("token"));
          await("works").atMost(SOON).until(() -> reader.get(Databases.ALL).status() == 200);

          Answer revoked = atOne.http.delete(tokens + "/" + issued.getString("id"));
          long revokedAt = System.nanoTime();
          assertThat(revoked.status()).isEqualTo(204);
          await("refused").atMost(SOON).until(() -> reader.get(Databases.ALL).status() == 401);
          return Duration.ofNanos(System.nanoTime() - revokedAt);
        });
  }

  private static boolean working(Product replica) {
    return replica.metric("mooring_worker_operations") == 1;
  }
}

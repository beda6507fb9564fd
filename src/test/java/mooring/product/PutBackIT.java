package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The records are put back to an older state while databases live on. */
@Tag("slow")
class PutBackIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration WHILE = Duration.ofSeconds(10);

  @RegisterExtension final Workplace place = new Workplace();
  private Installation installation;
  private Product product;
  private Databases databases;

  @BeforeEach
  void install() {
    installation = new Installation(place, "127.81.0.0/16");
    installation.operator.start();
    product = installation.replica("mooring");
    databases = new Databases(product.client(installation.tenant("shop")));
    product.start();
  }

  @Test
  void toBeforeACreate() throws Exception {
    installation.records.keep();
    awaitRecords();
    String lost = databases.create("orders");
    databases.awaitStatus(lost, "running");
    Login login = Login.of(databases.credentials(lost));
    login.run("create table t (i int)", "insert into t values (7)");
    List<String> before = installation.kubernetes.clusters();

    installation.records.putBack();
    databases.awaitGone(lost);
    awaitRecords();
    String next = databases.create("orders");
    databases.awaitStatus(next, "running");

    assertThat(Login.of(databases.credentials(next)).host()).isNotEqualTo(login.host());
    await("reported").atMost(LIMIT).until(() -> product.metric("mooring_unknown_objects") == 1);
    assertThat(login.ask("select i from t")).isEqualTo("7");
    assertThat(installation.kubernetes.clusters()).hasSize(2).containsAll(before);
    assertThat(product.output()).contains("a database on the platform has no row");
  }

  @Test
  void toBeforeADelete() {
    String deleted = databases.create("orders");
    databases.awaitStatus(deleted, "running");
    installation.records.keep();
    awaitRecords();
    databases.delete(deleted);
    databases.awaitGone(deleted);
    assertThat(installation.kubernetes.clusters()).isEmpty();

    installation.records.putBack();
    await("the row is back").atMost(LIMIT).until(() -> databases.poll(deleted) == 200);
    databases.awaitStatus(deleted, "error");
    assertThat(databases.get(deleted).getString("status_reason")).contains("missing");
    await("never made anew")
        .during(WHILE)
        .atMost(LIMIT)
        .until(() -> installation.kubernetes.clusters().isEmpty());
    assertThat(databases.status(deleted)).isEqualTo("error");

    databases.delete(deleted);
    databases.awaitGone(deleted);
  }

  /**
   * Until the product writes to its records again. That it is ready says so too, but perhaps still
   * from before they were away.
   */
  private void awaitRecords() {
    String tokens = "/api/v1/api-tokens";
    JsonObject asked =
        new JsonObject().put("name", "reader").put("scopes", new JsonArray().add("databases:read"));
    await("writes").atMost(LIMIT).until(() -> databases.http.post(tokens, asked).status() == 201);
    await("ready").atMost(LIMIT).until(product::ready);
  }
}

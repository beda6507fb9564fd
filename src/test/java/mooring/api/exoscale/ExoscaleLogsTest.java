package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mooring.api.ContractClient.Answer;
import mooring.core.Engine;
import mooring.core.InstanceLog;
import org.junit.jupiter.api.Test;

/** The logs of a service. */
class ExoscaleLogsTest extends ExoscaleTestBase {
  private static final String LOGS = "/v2/dbaas-service-logs/orders";
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @Test
  void theLinesOfAllNodesAreOneList() {
    foreign("orders", Engine.POSTGRESQL);
    server.api.logs.said =
        Single.just(
            List.of(
                new InstanceLog("a", List.of(line(3, "three"), line(1, "one"))),
                new InstanceLog("b", List.of(line(2, "two")))));
    Answer answer = client.post(LOGS, new JsonObject().put("limit", 2));
    assertThat(messages(answer)).containsExactly("one", "two");
    assertThat(answer.json().getString("offset")).isEqualTo(line(2, "").time().toString());
    assertThat(answer.json().getString("first-log-offset"))
        .isEqualTo(line(1, "").time().toString());
    JsonObject second = answer.json().getJsonArray("logs").getJsonObject(1);
    assertThat(second.getString("node")).isEqualTo("b");
    assertThat(second.getString("time"))
        .isEqualTo(line(2, "").time().toString().replace("Z", ".000000"));
    Answer ascending = client.post(LOGS, new JsonObject().put("sort-order", "asc"));
    assertThat(messages(ascending)).containsExactly("three", "two", "one");
    assertThat(client.post(LOGS).status()).isEqualTo(200);
  }

  @Test
  void whatIsRefusedIsNamed() {
    foreign("orders", Engine.POSTGRESQL);
    invalid(client.post(LOGS, new JsonObject().put("limit", 501)), "$['limit']", "1 and 500");
    invalid(client.post(LOGS, new JsonObject().put("offset", "x")), "$['offset']", "must be one");
    invalid(
        client.post(LOGS, new JsonObject().put("sort-order", "up")),
        "$['sort-order']",
        "must be one of desc, asc");
    refused(newTenant().post(LOGS, new JsonObject()), 404, "service not found");
  }

  private InstanceLog.Line line(int minutesAgo, String message) {
    return new InstanceLog.Line(now.minus(minutesAgo, ChronoUnit.MINUTES), message);
  }

  private static List<String> messages(Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.json().getJsonArray("logs").stream()
        .map(one -> ((JsonObject) one).getString("message"))
        .toList();
  }
}

package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mooring.api.ContractClient.Answer;
import mooring.core.Engine;
import mooring.core.InstanceLog;
import mooring.core.LogQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                new InstanceLog("db-x-1", List.of(line(1, "one"), line(3, "three"))),
                new InstanceLog("db-x-2", List.of(line(2, "two")))));
    Answer answer = client.post(LOGS, new JsonObject().put("limit", 2));
    assertThat(messages(answer)).containsExactly("one", "two");
    assertThat(answer.json().getString("offset")).isEqualTo(line(2, "").time() + "/1");
    assertThat(answer.json().getString("first-log-offset")).isEqualTo(line(1, "").time() + "/1");
    JsonObject second = answer.json().getJsonArray("logs").getJsonObject(1);
    assertThat(second.getString("node")).isEqualTo("orders-2");
    assertThat(second.getString("time"))
        .isEqualTo(line(2, "").time().toString().replace("Z", ".000000"));
    Answer ascending = client.post(LOGS, new JsonObject().put("sort-order", "asc"));
    assertThat(messages(ascending)).containsExactly("three", "two", "one");
    assertThat(client.post(LOGS).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "asc,'error,detail,statement,other,mid,late'",
    "desc,'late,mid,statement,detail,error,other'"
  })
  void pagesHaveEveryLineOnce(String order, String expected) {
    foreign("orders", Engine.POSTGRESQL);
    InstanceLog one =
        new InstanceLog(
            "db-x-1",
            List.of(line(3, "error"), line(3, "detail"), line(3, "statement"), line(1, "late")));
    InstanceLog two = new InstanceLog("db-x-2", List.of(line(3, "other"), line(2, "mid")));
    server.api.logs.said =
        Single.fromCallable(
            () -> List.of(one, two).stream().map(log -> read(log, server.api.logs.asked)).toList());
    for (int limit = 1; limit <= 4; limit++) {
      List<String> all = new ArrayList<>();
      JsonObject asked = new JsonObject().put("limit", limit).put("sort-order", order);
      Answer page = client.post(LOGS, asked);
      while (!messages(page).isEmpty()) {
        assertThat(messages(page)).hasSizeLessThanOrEqualTo(limit);
        all.addAll(messages(page));
        String offset = page.json().getString("offset");
        page = client.post(LOGS, asked.copy().put("offset", offset));
        assertThat(all).hasSizeLessThan(7);
        if (messages(page).isEmpty()) {
          assertThat(page.json().getString("offset")).isEqualTo(offset);
        }
      }
      assertThat(all).containsExactly(expected.split(","));
    }
  }

  @Test
  void nothingComesAfterATimeThatIsStillToCome() {
    foreign("orders", Engine.POSTGRESQL);
    says(new InstanceLog("db-x-1", List.of(line(2, "early"), line(1, "late"))));
    // Another replica's clock may be ahead.
    String ahead = now.plus(1, ChronoUnit.HOURS) + "/1";
    JsonObject asked = new JsonObject().put("sort-order", "asc").put("offset", ahead);
    Answer page = client.post(LOGS, asked);
    assertThat(messages(page)).isEmpty();
    assertThat(page.json().getString("offset")).isEqualTo(ahead);
    assertThat(messages(client.post(LOGS, asked.put("sort-order", "desc"))))
        .containsExactly("late", "early");
  }

  @ParameterizedTest
  @CsvSource({"asc,'late'", "desc,'mid,early'"})
  void anOffsetOfTheReleaseBeforeIsATimeAlone(String order, String expected) {
    foreign("orders", Engine.POSTGRESQL);
    says(new InstanceLog("db-x-1", List.of(line(3, "early"), line(2, "mid"), line(1, "late"))));
    String time = line(2, "").time().toString();
    JsonObject asked = new JsonObject().put("sort-order", order).put("offset", time);
    assertThat(messages(client.post(LOGS, asked))).containsExactly(expected.split(","));
  }

  private static void says(InstanceLog log) {
    server.api.logs.said = Single.fromCallable(() -> List.of(read(log, server.api.logs.asked)));
  }

  /** What a server says when it is asked so. */
  private static InstanceLog read(InstanceLog log, LogQuery query) {
    List<InstanceLog.Line> lines =
        new ArrayList<>(log.lines().stream().filter(line -> query.covers(line.time())).toList());
    if (query.newestFirst()) {
      Collections.reverse(lines);
    }
    return new InstanceLog(log.server(), lines.stream().limit(query.limit()).toList());
  }

  @Test
  void whatIsRefusedIsNamed() {
    foreign("orders", Engine.POSTGRESQL);
    invalid(client.post(LOGS, new JsonObject().put("limit", 501)), "$['limit']", "1 and 500");
    for (String offset : List.of("x", "2026-03-17", "2026-03-17/1", "T/1", "/1")) {
      invalid(
          client.post(LOGS, new JsonObject().put("offset", offset)), "$['offset']", "must be one");
    }
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

package mooring.api.ionos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import mooring.api.ContractClient.Answer;
import mooring.core.InstanceLog;
import mooring.core.LogQuery;
import mooring.core.Problem;
import mooring.core.ProblemException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs, as they are asked for and shown. */
class IonosLogsTest extends IonosTestBase {
  private static final Instant TIME = Instant.parse("2026-03-17T10:02:00.123Z");
  private String path;

  @BeforeEach
  void cluster() {
    path = running(client, "shop") + "/logs";
    server.api.logs.said =
        Single.just(
            List.of(
                new InstanceLog(
                    "db-a1b2c3d4-1", List.of(new InstanceLog.Line(TIME, "LOG:  ready")))));
  }

  @Test
  void aClustersServersAreShownWithWhatTheySaid() {
    Answer answer = client.get(path);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    JsonObject message =
        new JsonObject().put("time", TIME.toString()).put("message", "LOG:  ready");
    assertThat(answer.json())
        .isEqualTo(
            new JsonObject()
                .put(
                    "instances",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("name", "db-a1b2c3d4-1")
                                .put("messages", new JsonArray().add(message)))));
    LogQuery asked = server.api.logs.asked;
    Instant now = Instant.now();
    assertThat(asked.end()).isCloseTo(now, within(1, ChronoUnit.MINUTES));
    assertThat(asked.start()).isEqualTo(asked.end().minus(Duration.ofDays(30)));
    assertThat(asked.newestFirst()).isTrue();
    assertThat(asked.limit()).isEqualTo(100);
  }

  @Test
  void whatIsAskedForIsHandedOn() {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant start = end.minusSeconds(60);
    String query = "?start=" + start + "&end=" + end + "&direction=FORWARD&limit=5000&depth=1";
    assertThat(client.get(path + query).status()).isEqualTo(200);
    assertThat(server.api.logs.asked).isEqualTo(new LogQuery(start, end, false, 5000));
    assertThat(client.get(path + "?start=" + start.toString().replace("Z", "%2B00:00")).status())
        .isEqualTo(200);
    assertThat(server.api.logs.asked.start()).isEqualTo(start);
  }

  @Test
  void whatCannotBeAskedIsRefused() {
    Instant now = Instant.now();
    invalid(client.get(path + "?start=yesterday"), "start must be a time in RFC 3339");
    invalid(
        client.get(path + "?start=" + now.minus(Duration.ofDays(31))),
        "start must not be more than 30 days ago");
    invalid(client.get(path + "?end=" + now.plusSeconds(600)), "end must not lie in the future");
    invalid(
        client.get(path + "?start=" + now + "&end=" + now.minusSeconds(1)),
        "end must not be before start");
    for (String query : List.of("?limit=0", "?limit=5001", "?limit=x", "?direction=UP")) {
      refused(client.get(path + query), 422, "validation-failed");
    }
    refused(newTenant().get(path), 404, "not-found");
    refused(client.get(CLUSTERS + "/x/logs"), 404, "not-found");
  }

  @Test
  void thatTheyCannotBeReadNowIsSaid() {
    server.api.logs.said =
        Single.error(
            new ProblemException(new Problem.Unavailable("the logs cannot be read now", 5)));
    Answer answer = client.get(path);
    refused(answer, 503, "unavailable");
    assertThat(answer.header("retry-after")).isEqualTo("5");
  }
}

package mooring.api;

import static mooring.api.RawHttp.get;
import static mooring.api.RawHttp.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every answer says when it was made (RFC 9110, section 6.6.1), whoever gives it. */
class DateFieldTest {
  private static final UUID TENANT = UUID.randomUUID();
  private static final String DATABASES = "/api/v1/databases";
  private static final String ONE = DATABASES + "/db_0000000b";

  private static Vertx vertx;
  private static ApiFixture api;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    api = ApiFixture.withoutStore(vertx);
    api.feed.loaded(
        List.of(Rows.instance(TENANT, "0000000b", "main")),
        List.of(Rows.token(TENANT, "all", null, null)));
    api.feed.synced(1);
  }

  @AfterAll
  static void stop() {
    api.close();
    ApiFixture.await(vertx.close());
  }

  @Test
  void isInPolls() throws IOException {
    RawHttp.Reply direct = dated(200, get(ONE));
    String known = "If-None-Match: " + direct.header("etag");
    dated(304, get(ONE, known));
    dated(304, get(ONE + "?a=b", known));
    dated(200, get(DATABASES));
    dated(200, get(ONE).replaceFirst("GET", "HEAD"));
    dated(404, get(DATABASES + "/db_x"));
    dated(401, get(ONE).replaceFirst("Bearer all", "Bearer none"));
  }

  @Test
  void isInAllElse() throws IOException {
    dated(200, get("/docs/"));
    dated(308, get("/docs"));
    dated(404, get("/nowhere"));
    dated(404, get("/%"));
    dated(404, get(DATABASES + "/.."));
    dated(405, get(DATABASES).replaceFirst("GET", "PUT"));
    dated(415, post(DATABASES, "Content-Encoding: gzip", "Content-Length: 2") + "{}");
    dated(400, post(DATABASES, "Content-Length: 2") + "{}");
    dated(400, post(DATABASES, "Content-Length: x"));
    dated(400, get(DATABASES, "Host: y"));
    dated(414, get(DATABASES + "?" + "x".repeat(5_000)));
    dated(431, get(DATABASES, "X: " + "x".repeat(9_000)));
  }

  @Test
  void movesOn() throws IOException {
    String first = dated(200, get(ONE)).header("date");
    Awaitility.await().until(() -> !first.equals(dated(200, get(ONE)).header("date")));
  }

  private static RawHttp.Reply dated(int status, String request) throws IOException {
    Instant asked = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    RawHttp.Reply reply = RawHttp.exchange(api.port, request);
    Instant answered = Instant.now();
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.headers("date"))
        .singleElement()
        .asString()
        .matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT")
        .satisfies(
            date ->
                assertThat(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from))
                    .isBetween(asked, answered));
    return reply;
  }
}

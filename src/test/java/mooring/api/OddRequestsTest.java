package mooring.api;

import static mooring.api.RawHttp.get;
import static mooring.api.RawHttp.head;
import static mooring.api.RawHttp.line;
import static mooring.api.RawHttp.post;
import static mooring.api.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Requests that no client library sends are refused as such, and are no faults of ours. */
class OddRequestsTest {
  private static final String DATABASES = "/api/v1/databases";
  private static final String PROBLEM = "application/problem+json";

  private static Vertx vertx;
  private static ApiFixture api;
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    api = ApiFixture.withoutStore(vertx);
    api.feed.loaded(List.of(), List.of(Rows.token(UUID.randomUUID(), "all", null, null)));
    api.feed.synced(1);
  }

  @AfterAll
  static void stop() {
    api.close();
    ApiFixture.await(vertx.close());
  }

  @BeforeEach
  void listen() {
    heard.start();
    root().addAppender(heard);
  }

  @AfterEach
  void nothingIsAFaultOfOurs() {
    root().detachAppender(heard);
    assertThat(heard.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
    assertThat(api.meters.find("mooring.http.requests").timers())
        .noneMatch(timer -> List.of("500", "503").contains(timer.getId().getTag("status")));
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/databases,only the expectation 100-continue can be met",
    "/v1/databases,expectation_failed",
    "/clusters,expectation-failed"
  })
  void anotherExpectationIsNotMet(String path, String told) throws IOException {
    RawHttp.Reply reply = exchange(post(path, "Expect: foo", "Content-Length: 2") + "{}");
    assertThat(reply.status()).isEqualTo(417);
    assertThat(reply.body()).contains(told);
  }

  @Test
  void aBodyIsAskedForOnce() throws IOException {
    try (Socket socket = RawHttp.connect(api.port)) {
      send(socket, post(DATABASES, "Expect: 100-continue", "Content-Length: 2"));
      assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(line(socket.getInputStream())).isEmpty();
      send(socket, "{}");
      assertThat(RawHttp.rest(socket).text())
          .startsWith("HTTP/1.1 400 ")
          .doesNotContain("HTTP/1.1 100");
    }
  }

  @Test
  void aBodyIsNotAskedForInVain() throws IOException {
    String large = post(DATABASES, "Expect: 100-continue", "Content-Length: 70000");
    String keptOpen = large.replace("Connection: close\r\n", "");
    for (String head : List.of(keptOpen, keptOpen.replace("Bearer all", "Bearer none"))) {
      RawHttp.Reply reply = exchange(head);
      assertThat(reply.text()).startsWith("HTTP/1.1 4");
      // Whether what the client sends next is the body, nobody would know.
      assertThat(reply.headers("connection")).containsExactly("close");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip, chunked | 501",
        "gzip/chunked | 501",
        "foo,Chunked | 501",
        "gzip | 400",
        "chunked, gzip | 400",
        "chunked, identity | 400",
        "chunked, chunked | 400",
      })
  void anotherTransferCodingIsNotTaken(String codings, int status) throws IOException {
    String coded = "Transfer-Encoding: " + codings.replace("/", "\r\nTransfer-Encoding: ");
    String keptOpen = post(DATABASES, coded).replace("Connection: close\r\n", "");
    RawHttp.Reply reply = exchange(keptOpen + "2\r\n{}\r\n0\r\n\r\n" + get(DATABASES));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.headers("connection")).containsExactly("close");
    if (status == 501) {
      assertThat(reply.json().getString("error"))
          .isEqualTo("no transfer coding but chunked is supported");
      assertThat(exchange(post("/v1/databases", coded)).body())
          .contains("\"code\":\"not_implemented\"");
      assertThat(exchange(post("/clusters", coded)).body())
          .contains("\"errorCode\":\"not-implemented\"");
    }
  }

  @Test
  void chunksAreTaken() throws IOException {
    for (String coding : List.of("chunked", "Chunked", ", chunked")) {
      String head = post(DATABASES, "Transfer-Encoding: " + coding);
      RawHttp.Reply reply = exchange(head + "2\r\n{}\r\n0\r\n\r\n");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().getString("error")).startsWith("name");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientMayGoAwayWhileItSends(boolean reset) throws IOException {
    long before = refused();
    try (Socket socket = RawHttp.connect(api.port)) {
      send(socket, post(DATABASES, "Expect: 100-continue", "Content-Length: 200"));
      // Only now is it certain that the body is awaited.
      assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 100 Continue");
      send(socket, "{\"na");
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    }
    Awaitility.await().until(() -> refused() > before);
  }

  @Test
  void aBodyInNoChunksIsTheClientsFault() throws IOException {
    long before = refused();
    // The connection is closed at once: where a message ends is not known any more.
    exchange(post(DATABASES, "Transfer-Encoding: chunked") + "ZZ\r\n{}\r\n0\r\n\r\n");
    Awaitility.await().until(() -> refused() > before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET *", "OPTIONS *", "GET api/v1/databases", "GET /%", "GET /%zz"})
  void aTargetThatIsNoPathNamesNothing(String start) throws IOException {
    RawHttp.Reply reply = exchange(start + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.header("content-type")).isEqualTo(PROBLEM);
    assertThat(reply.json().getString("detail")).isEqualTo("not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%2", "%zz", "%zz/credentials"})
  void aPathThatCannotBeDecodedNamesNothing(String id) throws IOException {
    for (String method : List.of("GET", "DELETE", "PUT")) {
      RawHttp.Reply reply = exchange(head(method, DATABASES + "/" + id));
      assertThat(reply.status()).as(method).isEqualTo(404);
      assertThat(reply.json().getString("error")).isEqualTo("not found");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void aQueryThatCannotBeDecodedIsNotTakenForAMissingThing(String method) throws IOException {
    String target = DATABASES + "/db_0000000a?note=100%";
    RawHttp.Reply reply = exchange(head(method, target));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error")).isEqualTo("the query cannot be decoded");
  }

  @Test
  void aTargetThatIsTooLongIsSaidToBe() throws IOException {
    RawHttp.Reply reply =
        exchange("GET " + DATABASES + "?" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(reply.status()).isEqualTo(414);
    assertThat(reply.header("content-type")).isEqualTo(PROBLEM);
    assertThat(reply.json().getInteger("status")).isEqualTo(414);
  }

  @Test
  void headersThatAreTooLargeAreSaidToBe() throws IOException {
    String large = "Host: x\r\nX: " + "x".repeat(9_000) + "\r\n\r\n";
    RawHttp.Reply reply = exchange("GET " + DATABASES + " HTTP/1.1\r\n" + large);
    assertThat(reply.status()).isEqualTo(431);
    assertThat(reply.header("connection")).isEqualTo("close");
    assertThat(reply.json().getString("error")).isNotBlank();
    RawHttp.Reply other = exchange("GET /clusters HTTP/1.1\r\n" + large);
    assertThat(other.json().getInteger("httpStatus")).isEqualTo(431);
    assertThat(exchange("GET /v1/databases HTTP/1.1\r\n" + large).body())
        .contains("\"code\":\"headers_too_large\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: x",
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2\r\nTransfer-Encoding: chunked",
        "X: a\0b"
      })
  void headersThatCannotBeReadAreRefused(String headers) throws IOException {
    RawHttp.Reply reply = exchange(post(DATABASES, headers) + "{}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    assertThat(reply.header("connection")).isEqualTo("close");
    assertThat(reply.json().getString("error")).isEqualTo("the request cannot be read");
  }

  @Test
  void aRequestIsToOneHost() throws IOException {
    RawHttp.Reply reply = exchange(get(DATABASES, "Host: y"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error")).isEqualTo("a request has one Host header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/db_x"})
  void aRequestNamesItsHost(String what) throws IOException {
    String withHost = get(DATABASES + what);
    assertThat(exchange(withHost).status()).isNotEqualTo(400);
    for (String host : new String[] {"", "Host: a\"b\r\n"}) {
      String request = withHost.replaceFirst("(?i)Host: [^\r\n]*\r\n", host);
      assertThat(request).isNotEqualTo(withHost);
      assertThat(exchange(request).status()).as(host).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DATABASES, "/openapi/uncloud.yaml"})
  void entityTagsMayStandInSeveralLines(String path) throws IOException {
    String tag = exchange(get(path)).header("etag");
    assertThat(exchange(get(path, "If-None-Match: \"x\"", "If-None-Match: " + tag)).status())
        .isEqualTo(304);
    assertThat(exchange(get(path, "If-None-Match: " + tag, "If-None-Match: \"x\"")).status())
        .isEqualTo(304);
    assertThat(exchange(get(path, "If-None-Match: \"x\"", "If-None-Match: \"y\"")).status())
        .isEqualTo(200);
  }

  @Test
  void whyACodedBodyIsRefusedIsTold() throws IOException {
    String json = "Content-Type: application/json";
    RawHttp.Reply coded =
        exchange(post(DATABASES, json, "Content-Encoding: gzip", "Content-Length: 2") + "{}");
    assertThat(coded.status()).isEqualTo(415);
    assertThat(coded.header("accept-encoding")).isEqualTo("identity");
    assertThat(coded.json().getString("error")).isEqualTo("content codings are not supported");
    RawHttp.Reply plain =
        exchange(post(DATABASES, json, "Content-Encoding: Identity", "Content-Length: 1") + "{");
    assertThat(plain.status()).isEqualTo(400);
    assertThat(plain.json().getString("error")).isEqualTo("the request body is not valid JSON");
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static long refused() {
    return api.meters.find("mooring.http.requests").tag("status", "400").timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private static RawHttp.Reply exchange(String request) throws IOException {
    return RawHttp.exchange(api.port, request);
  }
}

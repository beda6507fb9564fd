package mooring.api;

import static mooring.api.RawHttp.get;
import static mooring.api.RawHttp.line;
import static mooring.api.RawHttp.post;
import static mooring.api.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import mooring.status.Freshness;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A body that keeps coming does not keep its connection for ever. */
class BodyTimerTest {
  private static final String DATABASES = "/api/v1/databases";
  private static final String LENGTH = "content-length: ";
  private static final Duration LIMIT = Duration.ofMillis(400);

  private final Vertx vertx = Vertx.vertx();
  private final ApiFixture api = ApiFixture.withoutStore(vertx);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ApiServer server =
      new ApiServer(
          vertx,
          new Contracts(vertx),
          new HttpSettings("127.0.0.1", 0, 1, Duration.ofSeconds(1), LIMIT, Proxies.NONE),
          List.of(api.cloudheed, api.uncloud, api.ionos, api.exoscale),
          api.feed::ready,
          new Freshness(System::nanoTime, Duration.ofSeconds(90)),
          meters);
  private int port;

  @BeforeEach
  void start() {
    api.feed.loaded(List.of(), List.of(Rows.token(UUID.randomUUID(), "all", null, null)));
    api.feed.synced(1);
    port = ApiFixture.await(server.start());
  }

  @AfterEach
  void stop() {
    ApiFixture.await(server.stop());
    api.close();
    ApiFixture.await(vertx.close());
  }

  @Test
  void aBodyThatTricklesIsRefused() throws IOException {
    RawHttp.Reply reply = trickled(post(DATABASES, "Content-Length: 60000"), " ");
    assertThat(reply.status()).isEqualTo(408);
    assertThat(reply.headers("connection")).containsExactly("close");
    assertThat(reply.json())
        .isEqualTo(new JsonObject().put("error", "the request body did not arrive in time"));
    assertThat(trickled(post("/v1/databases", "Transfer-Encoding: chunked"), "1\r\n \r\n").body())
        .contains("\"code\":\"request_timeout\"");
    assertThat(counted("408")).isEqualTo(2);
    assertThat(counted("400")).isZero();
  }

  @Test
  void aKeptConnectionIsClosedToo() throws IOException {
    String head = post(DATABASES, "Content-Length: 60000").replace("Connection: close\r\n", "");
    RawHttp.Reply reply = trickled(head, " ");
    assertThat(reply.status()).isEqualTo(408);
    assertThat(reply.headers("connection")).containsExactly("close");
  }

  @Test
  void whatComesAfterAllIsNotCarriedOut() throws IOException {
    String head = post("/api/v1/api-tokens", "Content-Length: 20");
    try (Socket socket = RawHttp.connect(port)) {
      send(socket, head);
      Awaitility.await().until(() -> socket.getInputStream().available() > 0);
      send(socket, "{\"name\":\"a\"}       ");
      assertThat(RawHttp.rest(socket).status()).isEqualTo(408);
    }
    assertThat(meters.find("mooring.http.requests").timers())
        .allMatch(timer -> timer.count() == 0 || "408".equals(timer.getId().getTag("status")));
  }

  @Test
  void whatIsAnsweredAlreadyIsNotAnsweredAgain() throws IOException {
    String head = post(DATABASES, "Content-Length: 60000").replace("Bearer all", "Bearer none");
    assertClosedAfter(401, head);
    assertClosedAfter(200, get(DATABASES, "Content-Length: 60000"));
    assertClosedAfter(404, get(DATABASES + "/db_x", "Transfer-Encoding: chunked"));
  }

  @Test
  void nothingElseIsTimed() throws IOException {
    String head = post(DATABASES, "Content-Length: 2").replace("Connection: close\r\n", "");
    String poll = get(DATABASES).replace("Connection: close\r\n", "");
    try (Socket socket = RawHttp.connect(port)) {
      assertThat(next(socket, head + "{}")).isEqualTo(400);
      Awaitility.await()
          .during(LIMIT.multipliedBy(2))
          .until(
              () -> next(socket, poll.replace("Host: x", "Host: x\r\nContent-Length: 0")) == 200);
    }
  }

  /** The status of the answer to another request on a connection. */
  private static int next(Socket socket, String request) throws IOException {
    send(socket, request);
    InputStream in = socket.getInputStream();
    int status = Integer.parseInt(line(in).split(" ", 3)[1]);
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.startsWith(LENGTH)) {
        length = Integer.parseInt(line.substring(LENGTH.length()));
      }
    }
    assertThat(in.readNBytes(length)).hasSize(length);
    return status;
  }

  /** Answered while its body is awaited, and closed in the end. */
  private void assertClosedAfter(int status, String head) throws IOException {
    try (Socket socket = RawHttp.connect(port)) {
      send(socket, head.replace("Connection: close\r\n", ""));
      RawHttp.Reply reply = RawHttp.rest(socket);
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.text().split("HTTP/1.1 ")).hasSize(2);
    }
  }

  /** The answer to a head after which a part is sent again and again until there is one. */
  private RawHttp.Reply trickled(String head, String part) throws IOException {
    try (Socket socket = RawHttp.connect(port)) {
      send(socket, head);
      Awaitility.await()
          .until(
              () -> {
                boolean answered = socket.getInputStream().available() > 0;
                if (!answered) { // what comes after it may reset the connection
                  send(socket, part);
                }
                return answered;
              });
      return RawHttp.rest(socket);
    }
  }

  private long counted(String status) {
    return meters.find("mooring.http.requests").tag("status", status).timers().stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }
}

package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import mooring.Tries;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.Proxies;
import mooring.api.PublishedApi;
import mooring.api.SignatureAuthenticator;
import mooring.core.AccessKey;
import mooring.core.Secrets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who is let in. */
class ExoscaleLoginTest extends ExoscaleTestBase {
  @Test
  void aSignedRequestIsLetInUnderBothPrefixes() {
    assertThat(client.get("/v2/dbaas-service").status()).isEqualTo(200);
    assertThat(client.get("/dbaas-service").status()).isEqualTo(200);
    // What a client does not sign is let in unsigned.
    assertThat(client.get("/v2/dbaas-service?zone=de-fra-1").status()).isEqualTo(200);
  }

  @Test
  void aPathIsSignedAsItIsSent() {
    assertThat(client.get("/v2/dbaas-postgres/%6fne").status()).isEqualTo(404);
    ContractClient decoding =
        client.signed(
            (method, target, body) ->
                Signing.with(key.name(), key.secret())
                    .sign(method, URI.create("http://x" + target.getPath()), body));
    refused(decoding.get("/v2/dbaas-postgres/%6fne"), 403, "signature is not valid");
  }

  @Test
  void aProxySaysWhatItHasTakenFromThePath() {
    ContractClient behind = client.signed(new Signing(key.name(), key.secret(), "/cloud", 600));
    refused(behind.get(SERVICES), 403, "signature is not valid");
    assertThat(behind.get(SERVICES, "X-Forwarded-Prefix", "/cloud").status()).isEqualTo(200);
  }

  @Test
  void anybodyElseSaysNothingOfThePath() {
    PublishedApi own = server.api.exoscale;
    PublishedApi alone =
        new PublishedApi(
            own.name(),
            new SignatureAuthenticator(server.api.accessKeys, Proxies.NONE, Clock.systemUTC()),
            own.errors(),
            own.polls(),
            own.commands(),
            own.rootless(),
            own.limiter());
    ContractClient plain = server.api.serve(alone).signed(Signing.with(key.name(), key.secret()));
    assertThat(plain.get(SERVICES, "X-Forwarded-Prefix", "/cloud").status()).isEqualTo(200);
    ContractClient behind = plain.signed(new Signing(key.name(), key.secret(), "/cloud", 600));
    refused(behind.get(SERVICES, "X-Forwarded-Prefix", "/cloud"), 403, "signature is not valid");
  }

  @Test
  void theArgumentsThatAreNamedAreSigned() {
    ContractClient querying =
        client.signed(
            (method, target, body) ->
                Signing.with(key.name(), key.secret())
                    .sign(method, target, body, "a;zone;twice;none", "b c+d ede-fra-1"));
    String query = "?zone=de-fra-1&more=x&a=b%20c%2Bd+e&twice=1&twice=2";
    assertThat(querying.get(SERVICES + query).status()).isEqualTo(200);
    assertThat(querying.get(SERVICES + query.replace("more=x", "more=y")).status()).isEqualTo(200);
    refused(
        querying.get(SERVICES + query.replace("fra-1", "fra-2")), 403, "signature is not valid");
    refused(querying.get(SERVICES + query.replace("&twice=2", "")), 403, "signature is not valid");
    refused(
        querying.put(POSTGRES + "none" + query.replace("d+e", "d"), new JsonObject()),
        403,
        "signature is not valid");
    refused(querying.put(POSTGRES + "none" + query, new JsonObject()), 404, "service not found");
  }

  @Test
  void aQueryThatIsNotSignedMayHaveAnyForm() {
    for (String query : List.of("?x=%", "?x=%zz", "?%")) {
      assertThat(raw("GET", "/v2/dbaas-service", query, "")).isEqualTo(200);
      assertThat(raw("PUT", "/v2/dbaas-postgres/none", query, "")).isLessThan(500);
      assertThat(raw("GET", "/v2/dbaas-service", query, "x")).isEqualTo(403);
      assertThat(raw("PUT", "/v2/dbaas-postgres/none", query, "x")).isLessThan(500);
    }
  }

  /** The status that a request is answered with which no client would send. */
  private int raw(String method, String path, String query, String names) {
    String body = method.equals("GET") ? "" : "{}";
    String signature =
        Signing.with(key.name(), key.secret())
            .sign(method, URI.create("http://x" + path), body, names, "");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.api.port)) {
      String request =
          String.join(
              "\r\n",
              method + " " + path + query + " HTTP/1.1",
              "Host: x",
              "Authorization: " + signature,
              "Content-Type: application/json",
              "Content-Length: " + body.length(),
              "Connection: close",
              "",
              body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void withoutASignatureNobodyIsLetIn() {
    assertThat(stranger.get(SERVICES).status()).isEqualTo(401);
    assertThat(stranger.get(SERVICES).header("www-authenticate")).isEqualTo("EXO2-HMAC-SHA256");
    refused(stranger.as("dkc_live_x").get(SERVICES), 403, "signature is not valid");
  }

  @ParameterizedTest
  @ValueSource(longs = {-120, 1200})
  void aSignatureHoldsForAWhile(long seconds) {
    ContractClient other = client.signed(new Signing(key.name(), key.secret(), "", seconds));
    refused(other.get(SERVICES), 403, "expire");
  }

  @Test
  void aCapturedSignatureHoldsNoLonger() {
    long expires = Instant.now().getEpochSecond() + 600;
    String captured =
        Signing.with(key.name(), key.secret()).sign("GET", URI.create("http://x" + SERVICES), "");
    long made = Long.parseLong(captured.replaceAll(".*expires=([0-9]+),.*", "$1"));
    assertThat(made).isBetween(expires, expires + 60);
    ContractClient replaying = client.signed((method, target, body) -> captured);
    try {
      server.api.signatures.set(Instant.ofEpochSecond(made - 900));
      assertThat(replaying.get(SERVICES).status()).isEqualTo(200);
      server.api.signatures.set(Instant.ofEpochSecond(made - 901));
      refused(replaying.get(SERVICES), 403, "expire");
      server.api.signatures.set(Instant.ofEpochSecond(made + 60));
      assertThat(replaying.get(SERVICES).status()).isEqualTo(200);
      server.api.signatures.set(Instant.ofEpochSecond(made + 61));
      refused(replaying.get(SERVICES), 403, "expire");
    } finally {
      server.api.signatures.set(null);
    }
  }

  @Test
  void aSignatureForTheMomentItselfCounts() {
    ContractClient now = client.signed(new Signing(key.name(), key.secret(), "", 0));
    assertThat(now.get(SERVICES).status()).isEqualTo(200);
  }

  @Test
  void anotherSecretOrNoSuchKeyIsRefusedAlike() {
    ContractClient wrong = client.signed(Signing.with(key.name(), "wrong"));
    ContractClient unknown = client.signed(Signing.with("EXO0", key.secret()));
    refused(wrong.get(SERVICES), 403, "signature is not valid");
    assertThat(unknown.get(SERVICES).body()).isEqualTo(wrong.get(SERVICES).body());
  }

  @Test
  void aRevokedKeyIsRefusedWithinASecond() {
    Tries.oneWithin(
        Duration.ofSeconds(1),
        () -> {
          AccessKey next =
              server
                  .store
                  .accessKeys()
                  .replace(tenant, Secrets.accessKey("EXO"), Secrets.token(""))
                  .blockingGet();
          long replaced = System.nanoTime();
          Awaitility.await().until(() -> client.get(SERVICES).status() == 403);
          Duration took = Duration.ofNanos(System.nanoTime() - replaced);
          // The feed tells of the one and then of the other.
          ContractClient renewed = signed(next);
          Awaitility.await().until(() -> renewed.get(SERVICES).status() == 200);
          client = renewed;
          return took;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
  void aBodyOfAnotherTypeIsNoFormAndNowhereInTheLog(String type) {
    ContractClient wrong = client.signed(Signing.with(key.name(), "wrong"));
    String part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ns3cret\r\n--x--\r\n";
    String odd = "{\"admin-password\": \"s3cret-pass\", \"log_line_prefix\": \"%m [%p]\"}";
    Logger all = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    all.addAppender(heard);
    try {
      for (String body : List.of(part, odd, "s3cret=" + "x".repeat(9_000))) {
        Answer signed = client.send("POST", POSTGRES + "x", body, "Content-Type", type);
        refused(signed, 415, "content type must be");
        Answer stranger = wrong.send("POST", POSTGRES + "x", body, "Content-Type", type);
        refused(stranger, 403, "signature is not valid");
        String start = POSTGRES + "x/maintenance/start";
        refused(wrong.send("PUT", start, body, "Content-Type", type), 403, "not valid");
        refused(client.send("PUT", start, body, "Content-Type", type), 404, "not found");
      }
    } finally {
      all.detachAppender(heard);
    }
    assertThat(heard.list)
        .noneMatch(
            event ->
                (event.getFormattedMessage()
                        + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                    .contains("s3cret"));
  }

  @Test
  void aMethodThatDoesNotExistIsSaidToBeNone() {
    assertThat(client.put("/v2/dbaas-service", new JsonObject()).status()).isEqualTo(405);
    assertThat(client.get("/v2/nothing").status()).isEqualTo(404);
  }
}

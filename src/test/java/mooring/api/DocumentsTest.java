package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** What the server answers beside its APIs: contracts, the page to try them, and refusals. */
class DocumentsTest {
  private static Vertx vertx;
  private static ApiFixture api;
  private static ContractClient client;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    api = ApiFixture.withoutStore(vertx);
    client = api.client(null);
  }

  @AfterAll
  static void stop() {
    api.close();
    ApiFixture.await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({
    "uncloud,/api/v1,8",
    "cloudheed,/v1,27",
    "ionos,/databases/postgresql,25",
    "exoscale,/v2,34"
  })
  void servesTheContractWithItsOwnAddress(String name, String path, int operations) {
    Answer answer = client.get("/openapi/" + name + ".yaml");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/yaml");
    JsonObject served =
        new JsonObject(new Yaml().<java.util.Map<String, Object>>load(answer.body().toString()));
    // Refuses what is not a valid OpenAPI document; it knows the one type for JSON only.
    OpenAPIContract contract =
        ApiFixture.await(
            OpenAPIContract.from(
                vertx, new JsonObject(served.encode().replace("/problem+json", "/json"))));
    assertThat(contract.getServers().get(0).getURL())
        .isEqualTo("http://127.0.0.1:" + api.port + path);
    assertThat(contract.operations()).hasSize(operations);
    String tag = answer.header("etag");
    assertThat(client.get("/openapi/" + name + ".yaml", "If-None-Match", tag).status())
        .isEqualTo(304);
  }

  @Test
  void aHostThatIsNoneStaysOutOfTheContract() throws IOException {
    String answer =
        raw("GET /openapi/uncloud.yaml HTTP/1.1\r\nHost: a\"b:1\r\nConnection: close\r\n\r\n");
    assertThat(answer).doesNotContain("a\"b");
  }

  @Test
  void servesAPageThatAsksNobodyElse() {
    Answer bare = client.get("/docs");
    assertThat(bare.status()).isEqualTo(308);
    assertThat(bare.header("location")).isEqualTo("/docs/");
    Answer page = client.get("/docs/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type")).startsWith("text/html");
    assertThat(page.header("content-security-policy"))
        .contains("default-src 'none'")
        .contains("connect-src 'self'")
        .doesNotContain("http");
    assertThat(page.header("cache-control")).isEqualTo("no-cache");
    Matcher links = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body().toString());
    int followed = 0;
    while (links.find()) {
      assertThat(links.group(1)).doesNotContain("//");
      Answer file = client.get("/docs/" + links.group(1));
      assertThat(file.status()).as(links.group(1)).isEqualTo(200);
      assertThat(file.body().length()).as(links.group(1)).isPositive();
      followed++;
    }
    assertThat(followed).isGreaterThanOrEqualTo(7);
    String script = client.get("/docs/docs.js").body().toString();
    for (String name : List.of("cloudheed", "uncloud", "ionos", "exoscale")) {
      assertThat(script).contains("../openapi/" + name + ".yaml");
    }
  }

  @Test
  void refusesUnknownPathsWithProblemDetails() {
    for (String path :
        List.of(
            "/",
            "/api",
            "/api/v2/databases",
            "/docs/../pom.xml",
            "/docs/x.js",
            "/openapi/none.yaml")) {
      Answer answer = client.get(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.json())
          .isEqualTo(
              new JsonObject()
                  .put("type", "about:blank")
                  .put("title", "Not Found")
                  .put("status", 404)
                  .put("detail", "not found"));
    }
  }

  @Test
  void refusesUnknownPathsOfAnApiInItsShape() {
    for (String path :
        List.of("/api/v1", "/api/v1/", "/api/v1/droplets", "/api/v1/databases/db_00000000/x")) {
      Answer answer = client.get(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.error()).isEqualTo("not found");
    }
  }

  @Test
  void refusesOtherMethodsAndNamesTheAllowedOnes() {
    Answer list = client.send("PUT", "/api/v1/databases", "{}");
    assertThat(list.status()).isEqualTo(405);
    assertThat(list.header("allow")).isEqualTo("GET, HEAD, POST");
    Answer item = client.send("PATCH", "/api/v1/databases/db_0000000a", "{}");
    assertThat(item.status()).isEqualTo(405);
    assertThat(item.header("allow")).isEqualTo("DELETE, GET, HEAD");
    assertThat(item.error()).isNotBlank();
    Answer credentials = client.delete("/api/v1/databases/db_0000000a/credentials");
    assertThat(credentials.status()).isEqualTo(405);
    assertThat(credentials.header("allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void anUnreadablePathIsRefusedInTheShapeOfItsApi() throws IOException {
    String answer =
        raw("GET /api/v1/databases/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 40").contains("{\"error\":");
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

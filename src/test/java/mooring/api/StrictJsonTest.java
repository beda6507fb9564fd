package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON and what is not, through HTTP. */
class StrictJsonTest {
  private static final String DATABASES = "/api/v1/databases";
  private static final String REST =
      "\"db_type\":\"postgresql\",\"plan_id\":\"db-s-1vcpu-1gb\",\"region\":\"nyc1\"}";

  private static ApiOnStore server;
  private ContractClient client;

  @BeforeAll
  static void start() {
    server = new ApiOnStore();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void tenant() {
    client = server.api.client(server.token(server.newTenant(), "dkc_live_"));
  }

  private static byte[] bytes(String body, Charset charset) {
    return body.getBytes(charset);
  }

  private void assertRefused(Answer answer, String message) {
    assertThat(answer.error()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(client.get(DATABASES).array()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/* c */ {\"name\":\"a\",",
        "{// c\n\"name\":\"a\",",
        "{# c\n\"name\":\"a\",",
        "{'name':\"a\",",
        "{name:\"a\",",
        "{\"name\":\"a\",,",
        "{\"name\":\"a\",\"x\":[1,],",
        "{\"name\":\"a\",\"x\":01,",
        "{\"name\":\"a\",\"x\":+1,",
        "{\"name\":\"a\",\"x\":NaN,",
        "{\"name\":\"a\nb\",",
        "{\"name\":\"a\\x\",",
        "\u00A0{\"name\":\"a\","
      })
  void refusesWhatIsNotJson(String begin) {
    assertRefused(client.post(DATABASES, begin + REST), "the request body is not valid JSON");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    String body = "{\"name\":\"a@@\"," + REST;
    for (String wrong : List.of("\u00C0\u00AF", "\u00ED\u00A0\u0080", "\u00FF", "\u00E9")) {
      byte[] sent = bytes(body.replace("@@", wrong), StandardCharsets.ISO_8859_1);
      assertRefused(client.post(DATABASES, sent), "the request body is not UTF-8");
    }
  }

  @Test
  void refusesOtherEncodings() {
    String body = "{\"name\":\"a\"," + REST;
    assertRefused(
        client.post(DATABASES, bytes(body, StandardCharsets.UTF_16)),
        "the request body is not UTF-8");
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_16LE,
            Charset.forName("UTF-32BE"),
            Charset.forName("UTF-32LE"))) {
      assertRefused(
          client.post(DATABASES, bytes(body, charset)), "the request body is not valid JSON");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\":\"a\\ud800\"                | name must have no unpaired surrogates",
        "\"name\":\"a\\udc00b\"               | name must have no unpaired surrogates",
        "\"name\":\"a\\udc00\\ud800\"         | name must have no unpaired surrogates",
        "\"name\":\"a\",\"x\":\"\\ud800\"     | x must have no unpaired surrogates",
        "\"name\":\"a\",\"x\":{\"y\":[1,\"\\ud800\"]} | x.y[1] must have no unpaired surrogates",
        "\"name\":\"a\",\"\\ud800\":1         | the request body is not valid JSON"
      })
  void refusesUnpairedSurrogates(String members, String message) {
    assertRefused(client.post(DATABASES, "{" + members + "," + REST), message);
  }

  @Test
  void everyApiRefusesUnpairedSurrogatesByName() {
    Answer answer =
        server
            .api
            .client(server.token(server.newTenant(), "ch_live_"))
            .post("/v1/databases", "{\"name\":\"abc\",\"region\":\"\\ud800\",\"tier\":\"small\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.error()).isEqualTo("region must have no unpaired surrogates");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0000000000000000001", "9.99999999999999999999", "1000000000000000000001e-20"})
  void refusesFractionsWhereIntegersAreAsked(String number) {
    String body = "{\"name\":\"a\",\"storage_gb\":" + number + "," + REST;
    assertRefused(client.post(DATABASES, body), "storage_gb must be an integer");
  }

  @Test
  void refusesWhatIsTooMuchToReadAsThat() {
    String message =
        "the request body has a name or a number that is too long, or is nested too deeply";
    for (String value :
        List.of(
            "1".repeat(1001),
            "0." + "1".repeat(1001),
            "[".repeat(1001) + "]".repeat(1001),
            "{\"" + "x".repeat(50_001) + "\":1}")) {
      String body = "{\"name\":\"a\",\"x\":" + value + "," + REST;
      assertRefused(client.post(DATABASES, body), message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"storage_gb\":10.0",
        "\"storage_gb\":1e1",
        "\"storage_gb\":10.00000000000000000000",
        "\"storage_gb\":100000000000000000000e-19",
        "\"x\":1e99999999999",
        "\"x\":[-1e-99999999999,0.1,-0,1E+2,12345678901234567890,null,true,[],{}]",
        "\"x\":\"\\ud83d\\ude00 \\u0041\\n \uD83D\uDE00\"",
        "\"x\":1,\"x\":2"
      })
  void takesAllOfJson(String members) {
    JsonObject made =
        client.post(DATABASES, " {\"name\":\"a\"," + members + ",\r\n\t" + REST).json();
    assertThat(made.getString("name")).isEqualTo("a");
    assertThat(made.getInteger("storage_gb")).isEqualTo(10);
  }

  @Test
  void ignoresAByteOrderMark() {
    assertThat(client.post(DATABASES, "\uFEFF{\"name\":\"a\"," + REST).status()).isEqualTo(201);
  }
}

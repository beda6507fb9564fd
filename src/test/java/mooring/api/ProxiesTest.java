package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is believed how clients reach the API; every request comes from this machine. */
class ProxiesTest {
  private static Vertx vertx;
  private static volatile Proxies proxies;
  private static int port;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    HttpServer server = vertx.createHttpServer().requestHandler(ProxiesTest::answer);
    port = ApiFixture.await(server.listen(0, "127.0.0.1")).actualPort();
  }

  @AfterAll
  static void stop() {
    ApiFixture.await(vertx.close());
  }

  private static void answer(HttpServerRequest request) {
    request.response().end(proxies.address(request).url());
  }

  private static String seen(String... headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/clusters?limit=1");
    for (int i = 0; i < headers.length; i += 2) {
      options.addHeader(headers[i], headers[i + 1]);
    }
    return ApiFixture.await(
        vertx
            .createHttpClient()
            .request(options)
            // Together, so that the body is listened for before it comes.
            .compose(request -> request.send().compose(response -> response.body()))
            .map(body -> body.toString()));
  }

  private static String here() {
    return "http://127.0.0.1:" + port + "/clusters";
  }

  @Test
  void nobodyIsBelievedUnasked() {
    proxies = Proxies.NONE;
    assertThat(seen()).isEqualTo(here());
    assertThat(seen("Forwarded", "host=evil.example;proto=https", "X-Forwarded-Host", "evil"))
        .isEqualTo(here());
    proxies = Proxies.of("10.0.0.0/8, ::1");
    assertThat(seen("X-Forwarded-Host", "evil.example")).isEqualTo(here());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "for=203.0.113.9;proto=https;host=api.example | https://api.example/clusters",
        "Host=\"api.example:8443\"; Proto=https      | https://api.example:8443/clusters",
        "host=\"api.example:443\";proto=https        | https://api.example/clusters",
        "host=first.example;for=\"[2001:db8::1]:99\", for=\"127.0.0.2:4711\";host=inner;proto=http | http://first.example/clusters",
        "host=evil.example, for=203.0.113.9;host=api.example | http://api.example/clusters",
        "host=evil.example, for=unknown;host=api.example     | http://api.example/clusters",
      })
  void whatAKnownProxySaysCounts(String forwarded, String url) {
    proxies = Proxies.of("127.0.0.0/8");
    assertThat(seen("Forwarded", forwarded)).isEqualTo(url);
  }

  @Test
  void theOlderHeadersCountWithoutTheStandardOne() {
    proxies = Proxies.of("127.0.0.1");
    assertThat(
            seen(
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "evil.example, api.example",
                "X-Forwarded-Port",
                "8443",
                "X-Forwarded-Prefix",
                "/dbaas"))
        .isEqualTo("https://api.example:8443/dbaas/clusters");
    assertThat(seen("X-Forwarded-Proto", "https", "X-Forwarded-Host", "api.example:444"))
        .isEqualTo("https://api.example:444/clusters");
    assertThat(seen("Forwarded", "proto=https;host=a.example", "X-Forwarded-Host", "b.example"))
        .isEqualTo("https://a.example/clusters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=\"a b\"",
        "host=\"a/b\"",
        "proto=javascript",
        "host=\"x",
        "=",
        "host",
        ",",
        "host=a\"b"
      })
  void whatIsNoHostIsIgnored(String forwarded) {
    proxies = Proxies.of("127.0.0.1");
    assertThat(seen("Forwarded", forwarded)).isEqualTo(here());
    assertThat(
            seen(
                "X-Forwarded-Host", "a<b", "X-Forwarded-Prefix", "//x", "X-Forwarded-Proto", "ftp"))
        .isEqualTo(here());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "10.0.0.1,",
        "10.0.0",
        "999.1.1.1",
        "fd00::/129"
      })
  void refusesWhatIsNoNetwork(String cidrs) {
    assertThatThrownBy(() -> Proxies.of(cidrs)).isInstanceOf(IllegalArgumentException.class);
  }
}

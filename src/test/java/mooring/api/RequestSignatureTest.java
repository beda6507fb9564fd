package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signatures are those that published clients make. */
class RequestSignatureTest {
  private static final String SECRET = "s3cr3t-example-key";
  private static final String KEY = "EXO000000000000000000000001";

  @Test
  void coversMethodPathAndBody() {
    var signature = signature("", "K+zsxdl+C2k0qVV0DpohqEnt7d4MomGbf+ytVQF0t/I=");
    String body = "{\"plan\":\"startup-4\",\"version\":\"16\"}";
    assertThat(signature.credential()).isEqualTo(KEY);
    assertThat(signature.expires()).isEqualTo(1767225600L);
    assertThat(signature.matches(SECRET, request("POST", "/v2/dbaas-postgres/orders-db", body)))
        .isTrue();
    assertThat(signature.matches("other", request("POST", "/v2/dbaas-postgres/orders-db", body)))
        .isFalse();
    assertThat(signature.matches(SECRET, request("PUT", "/v2/dbaas-postgres/orders-db", body)))
        .isFalse();
    assertThat(signature.matches(SECRET, request("POST", "/dbaas-postgres/orders-db", body)))
        .isFalse();
    assertThat(
            signature.matches(SECRET, request("POST", "/v2/dbaas-postgres/orders-db", body + " ")))
        .isFalse();
  }

  @Test
  void anEmptyBodyIsSignedToo() {
    assertThat(
            signature("", "wr7Lr9piJ7GxS9F7YbxtJlWk9vdFoOdidMSAyMTOSOs=")
                .matches(SECRET, request("GET", "/v2/dbaas-service", "")))
        .isTrue();
  }

  @Test
  void coversTheNamedArgumentsInTheirOrder() {
    var signature =
        signature("signed-query-args=a;zone,", "WFBvCnZfJ3DgP7jxlYMpM/K+DjM29J5VOSeWdxHWCBA=");
    var query = Map.of("zone", List.of("ch-gva-2"), "a", List.of("b c"), "more", List.of("x"));
    assertThat(signature.matches(SECRET, signed(query))).isTrue();
    assertThat(signature.matches(SECRET, signed(Map.of("zone", List.of("ch-gva-2"))))).isFalse();
    var twice = Map.of("zone", List.of("ch-gva-2"), "a", List.of("b c", "d"));
    assertThat(signature.matches(SECRET, signed(twice))).isFalse();
  }

  @Test
  void coversThePathAsItWasSent() {
    var signature = signature("", "2Cw4wcaKLrqzj38Q/z50c+eYNeW+Exn2/hmrkHtwhQ8=");
    String path = "/v2/dbaas-postgres/orders-db/user/an";
    assertThat(signature.matches(SECRET, request("DELETE", path + "%40na", ""))).isTrue();
    assertThat(signature.matches(SECRET, request("DELETE", path + "@na", ""))).isFalse();
  }

  @Test
  void spacesAfterCommasMeanNothing() {
    RequestSignature signature =
        RequestSignature.parse("exo2-hmac-sha256 credential=k, expires=5 , signature=AAAA, more=1");
    assertThat(signature.credential()).isEqualTo("k");
    assertThat(signature.expires()).isEqualTo(5);
    assertThat(signature.arguments()).isEmpty();
    assertThat(signature.toString()).doesNotContain("AAAA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer x",
        "EXO2-HMAC-SHA256",
        "EXO2-HMAC-SHA256 ",
        "EXO2-HMAC-SHA256 credential=k,expires=5",
        "EXO2-HMAC-SHA256 credential=k,expires=soon,signature=AAAA",
        "EXO2-HMAC-SHA256 credential=k,expires=5,signature=*",
        "EXO2-HMAC-SHA256 credential=k,credential=k,expires=5,signature=AAAA",
        "EXO2-HMAC-SHA256 expires=5,signature=AAAA"
      })
  void nothingElseIsASignature(String header) {
    assertThat(RequestSignature.parse(header)).isNull();
  }

  private static RequestSignature signature(String arguments, String signature) {
    return RequestSignature.parse(
        "EXO2-HMAC-SHA256 credential="
            + KEY
            + ","
            + arguments
            + "expires=1767225600,signature="
            + signature);
  }

  private static RequestSignature.Signed request(String method, String path, String body) {
    return new RequestSignature.Signed(method, path, Map.of(), Buffer.buffer(body));
  }

  private static RequestSignature.Signed signed(Map<String, List<String>> query) {
    return new RequestSignature.Signed("GET", "/v2/dbaas-service", query, Buffer.buffer());
  }
}

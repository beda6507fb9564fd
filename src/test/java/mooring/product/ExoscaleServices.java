package mooring.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import mooring.api.ContractClient;
import mooring.api.ContractClient.Answer;
import mooring.api.exoscale.Signing;

/** What a tenant does with services through the Exoscale API. */
final class ExoscaleServices {
  static final String ALL = "/v2/dbaas-postgres/";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);

  final ContractClient http;

  /** With the key that a tenant's clients read from their environment. */
  ExoscaleServices(ContractClient client, Map<String, String> exports) {
    http =
        client.signed(
            Signing.with(exports.get("EXOSCALE_API_KEY"), exports.get("EXOSCALE_API_SECRET")));
  }

  /** Waits until what an answer tells of is done. */
  void done(Answer answer) {
    done(accepted(answer));
  }

  /** The operation that a change is answered with. */
  String accepted(Answer answer) {
    return expected(answer).getString("id");
  }

  /** Waits for the success of an operation. */
  void done(String operation) {
    await("operation " + operation)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .until(() -> !"pending".equals(operation(operation).getString("state")));
    assertThat(operation(operation).getString("state"))
        .as(operation(operation).encode())
        .isEqualTo("success");
  }

  private JsonObject operation(String id) {
    return expected(http.get("/v2/operation/" + id));
  }

  void create(String name, JsonObject asked) {
    done(http.post(ALL + name, asked));
  }

  void change(String name, JsonObject asked) {
    done(http.put(ALL + name, asked));
  }

  JsonObject get(String name) {
    return expected(http.get(ALL + name));
  }

  /** Of a user, to the database that is there from the beginning. */
  Login login(String name, String user) {
    JsonObject params = get(name).getJsonObject("uri-params");
    return new Login(
        params.getString("host"),
        Integer.parseInt(params.getString("port")),
        user,
        password(name, user),
        params.getString("dbname"));
  }

  private String password(String name, String user) {
    return expected(http.get(ALL + name + "/user/" + user + "/password/reveal"))
        .getString("password");
  }

  private static JsonObject expected(Answer answer) {
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(200);
    return answer.json();
  }
}

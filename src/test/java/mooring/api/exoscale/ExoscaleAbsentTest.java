package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is documented and not there: clients that ask for it are told so. */
class ExoscaleAbsentTest extends ExoscaleTestBase {
  private static final String TYPES = "/v2/dbaas-integration-types";
  private static final String EXTERNAL = "/v2/dbaas-external-integrations/";
  private static final String METRICS = "/v2/dbaas-service-metrics/";

  @BeforeEach
  void service() {
    running("orders");
  }

  @Test
  void noIntegrationIsOffered() {
    Answer types = client.get(TYPES);
    assertThat(types.status()).isEqualTo(200);
    assertThat(types.json().getJsonArray("dbaas-integration-types")).isEqualTo(new JsonArray());
    refused(
        client.get("/v2/dbaas-integration-settings/metrics/pg/pg"),
        404,
        "integration type not found");
    Answer external = client.get(EXTERNAL + "orders");
    assertThat(external.status()).isEqualTo(200);
    assertThat(external.json().getJsonArray("external-integrations")).isEqualTo(new JsonArray());
    refused(newTenant().get(EXTERNAL + "orders"), 404, "service not found");
    assertThat(server.api.client(null).get(TYPES).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"period\": \"year\"}"})
  void nothingIsMeasured(String asked) {
    Answer answer = client.post(METRICS + "orders", new JsonObject(asked));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).isEqualTo(new JsonObject().put("metrics", new JsonObject()));
  }

  @Test
  void metricsAreOfAServiceAndAPeriod() {
    JsonObject decade = new JsonObject().put("period", "decade");
    invalid(client.post(METRICS + "orders", decade), "$['period']", "must be one of");
    refused(newTenant().post(METRICS + "orders", new JsonObject()), 404, "service not found");
  }
}

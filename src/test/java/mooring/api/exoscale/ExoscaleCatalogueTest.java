package mooring.api.exoscale;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import mooring.api.ContractClient.Answer;
import mooring.core.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is offered. */
class ExoscaleCatalogueTest extends ExoscaleTestBase {
  @ParameterizedTest
  @ValueSource(strings = {"/zone", "/v2/zone"})
  void zonesLeadBackToThisServerWithoutASignature(String path) {
    Answer answer = stranger.get(path);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getJsonArray("zones"))
        .isEqualTo(
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "de-fra-1")
                        .put("api-endpoint", "http://127.0.0.1:" + server.api.port + "/v2")));
  }

  @Test
  void thereIsOneTypeOfServices() {
    Answer list = client.get("/v2/dbaas-service-type");
    assertThat(list.status()).isEqualTo(200);
    JsonObject type = list.json().getJsonArray("dbaas-service-types").getJsonObject(0);
    Answer one = client.get("/v2/dbaas-service-type/pg");
    assertThat(one.json()).isEqualTo(type);
    assertThat(type.getJsonArray("available-versions")).contains("16").contains("18");
    assertThat(type.getString("default-version")).isEqualTo("18");
    JsonObject plan = type.getJsonArray("plans").getJsonObject(0);
    assertThat(plan.getString("name")).isEqualTo("hobbyist-2");
    assertThat(plan.getLong("node-memory")).isEqualTo(2L << 30);
    assertThat(plan.getLong("disk-space")).isEqualTo(8L << 30);
    assertThat(plan.getJsonObject("backup-config").getInteger("max-count")).isEqualTo(1);
    JsonObject startup = type.getJsonArray("plans").getJsonObject(1);
    assertThat(startup.getString("name")).isEqualTo("startup-4");
    assertThat(startup.getJsonObject("backup-config").getInteger("max-count")).isEqualTo(3);
    assertThat(
            client.get("/v2/dbaas-service-type/pg", "If-None-Match", one.header("etag")).status())
        .isEqualTo(304);
    refused(client.get("/v2/dbaas-service-type/kafka"), 404, "service type not found");
  }

  @Test
  void theCertificatesOfAllServicesAreOne() {
    refused(client.get("/v2/dbaas-ca-certificate"), 404, "no certificate yet");
    var one = foreign("one", Engine.POSTGRESQL);
    var two = foreign("two", Engine.POSTGRESQL);
    foreign("three", Engine.POSTGRESQL);
    foreign("cache", Engine.REDIS);
    server.api.certificates.put(one.id(), "one\n");
    server.api.certificates.put(two.id(), "two\n");
    Answer answer = client.get("/v2/dbaas-ca-certificate");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().getString("certificate")).isEqualTo("two\none\n");
  }
}

package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import mooring.api.ContractClient.Answer;
import org.junit.jupiter.api.Test;

class ManagementTest {
  @Test
  void tellsHealthAndMetrics() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Counter.builder("mooring.test").register(meters).increment();
    AtomicBoolean store = new AtomicBoolean();
    ManagementVerticle management =
        new ManagementVerticle(
            "127.0.0.1", 0, Map.of("store", store::get, "platform", () -> true), meters::scrape);
    Vertx vertx = Vertx.vertx();
    try {
      ApiFixture.await(vertx.deployVerticle(management));
      ContractClient client = ContractClient.of(vertx, management.port(), null);
      Answer waiting = client.get("/health/ready");
      assertThat(waiting.status()).isEqualTo(503);
      assertThat(waiting.json().getJsonArray("failing")).isEqualTo(new JsonArray().add("store"));
      assertThat(client.get("/health/live").status()).isEqualTo(200);
      store.set(true);
      assertThat(client.get("/health/ready").status()).isEqualTo(200);
      Answer metrics = client.get("/metrics");
      assertThat(metrics.header("content-type")).startsWith("text/plain");
      assertThat(metrics.body().toString()).contains("mooring_test_total 1");
      assertThat(client.get("/other").status()).isEqualTo(404);
    } finally {
      ApiFixture.await(vertx.close());
    }
  }
}

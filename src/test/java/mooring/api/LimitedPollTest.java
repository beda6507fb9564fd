package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import mooring.api.ContractClient.Answer;
import mooring.status.Freshness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What polls cost where requests are limited. */
class LimitedPollTest {
  private static final String DATABASES = "/api/v1/databases";
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2030-01-01T12:00:00Z"), ZoneOffset.UTC);

  private final Vertx vertx = Vertx.vertx();
  private final ApiFixture api = ApiFixture.withoutStore(vertx);
  private final ApiServer limited =
      new ApiServer(
          vertx,
          new Contracts(vertx),
          new HttpSettings("127.0.0.1", 0, 1, Duration.ofSeconds(1)),
          List.of(api.uncloud.limitedBy(new RateLimiter(3, NOON))),
          api.feed::ready,
          new Freshness(System::nanoTime, Duration.ofSeconds(90)),
          new SimpleMeterRegistry());

  @AfterEach
  void stop() {
    ApiFixture.await(limited.stop());
    api.close();
    ApiFixture.await(vertx.close());
  }

  @Test
  void tenWithoutNewsCostAsMuchAsOneWithNews() {
    UUID tenant = UUID.randomUUID();
    api.feed.loaded(List.of(), List.of(Rows.token(tenant, "all", null, null)));
    api.feed.synced(1);
    ContractClient client = ContractClient.of(vertx, ApiFixture.await(limited.start()), "all");

    Answer news = client.get(DATABASES);
    assertThat(news.status()).isEqualTo(200);
    assertThat(news.header("x-ratelimit-remaining")).isEqualTo("2");
    for (int i = 0; i < 10; i++) {
      Answer same = client.get(DATABASES, "If-None-Match", news.header("etag"));
      assertThat(same.status()).isEqualTo(304);
      assertThat(same.header("x-ratelimit-limit")).isEqualTo("3");
      assertThat(same.header("x-ratelimit-remaining")).isEqualTo("1");
      assertThat(same.header("date")).isNotNull();
    }
    assertThat(client.get(DATABASES).header("x-ratelimit-remaining")).isEqualTo("0");
    assertThat(api.client("all").get(DATABASES).header("x-ratelimit-limit")).isNull();
  }
}

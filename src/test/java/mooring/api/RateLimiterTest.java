package mooring.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import mooring.api.RateLimiter.Allowance;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private Instant now = NOON.plusSeconds(20);
  private final InstantSource time = () -> now;
  private final RateLimiter limiter = new RateLimiter(3, time.withZone(ZoneOffset.UTC));

  @Test
  void grantsSoManyAMinute() {
    for (int left = 2; left >= 0; left--) {
      Allowance allowance = limiter.take("a", 10);
      assertThat(allowance.granted()).isTrue();
      assertThat(allowance.remaining()).isEqualTo(left);
      assertThat(allowance.reset()).isEqualTo(NOON.plusSeconds(60).getEpochSecond());
    }
    Allowance refused = limiter.take("a", 10);
    assertThat(refused.granted()).isFalse();
    assertThat(refused.remaining()).isZero();
    assertThat(limiter.take("b", 10).granted()).isTrue();
  }

  @Test
  void beginsAnewEveryMinute() {
    assertThat(limiter.take("a", 30).granted()).isTrue();
    now = NOON.plusSeconds(59);
    assertThat(limiter.take("a", 1).granted()).isFalse();
    now = NOON.plusSeconds(60);
    Allowance allowance = limiter.take("a", 10);
    assertThat(allowance.granted()).isTrue();
    assertThat(allowance.reset()).isEqualTo(NOON.plusSeconds(120).getEpochSecond());
  }

  @Test
  void whatIsGivenBackCanBeUsedAgain() {
    for (int i = 0; i < 20; i++) {
      Allowance allowance = limiter.take("a", 10);
      assertThat(allowance.granted()).isTrue();
      allowance.giveBack(9);
    }
    assertThat(limiter.take("a", 10).remaining()).isZero();
    assertThat(limiter.take("a", 10).granted()).isFalse();
  }

  @Test
  void beyondVeryManyKeysTheRestShareOneCount() {
    for (int i = 0; i < 100_000; i++) {
      assertThat(limiter.take("key " + i, 10).granted()).isTrue();
    }
    assertThat(limiter.take("one more", 30).granted()).isTrue();
    assertThat(limiter.take("another", 10).granted()).isFalse();
    assertThat(limiter.take("key 7", 10).granted()).isTrue();
  }
}

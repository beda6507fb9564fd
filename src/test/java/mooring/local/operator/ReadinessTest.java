package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Readiness readiness = new Readiness(3);

  @Test
  void onlyFailuresInARowCountAndOneAnswerEndsThem() {
    assertThat(readiness.isReady()).isTrue();
    assertThat(readiness.probed(false)).isFalse();
    assertThat(readiness.probed(false)).isFalse();
    assertThat(readiness.probed(true)).isFalse();
    assertThat(readiness.probed(false)).isFalse();
    assertThat(readiness.probed(false)).isFalse();
    assertThat(readiness.isReady()).isTrue();

    assertThat(readiness.probed(false)).isTrue();
    assertThat(readiness.isReady()).isFalse();
    assertThat(readiness.probed(false)).isFalse();

    assertThat(readiness.probed(true)).isTrue();
    assertThat(readiness.isReady()).isTrue();
    assertThat(readiness.probed(false)).isFalse();
    assertThat(readiness.isReady()).isTrue();
  }
}

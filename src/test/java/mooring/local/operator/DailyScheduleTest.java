package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DailyScheduleTest {
  @Test
  void comesOnceADay() {
    DailySchedule schedule = DailySchedule.parse("0 30 3 * * *").orElseThrow();
    Instant time = Instant.parse("2026-11-21T03:30:00Z");

    assertThat(schedule.matches(time)).isTrue();
    assertThat(schedule.matches(time.plusSeconds(1))).isFalse();
    assertThat(schedule.latest(time)).isEqualTo(time);
    assertThat(schedule.next(time)).isEqualTo("2026-11-22T03:30:00Z");
    assertThat(schedule.next(time.minusSeconds(1))).isEqualTo(time);
    assertThat(schedule.latest(time.minusSeconds(1))).isEqualTo("2026-11-20T03:30:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "30 3 * * *", "0 */5 * * * *", "0 0 24 * * *", "0 0 3 1 * *", "@daily"})
  void knowsNothingElse(String text) {
    assertThat(DailySchedule.parse(text)).isEmpty();
  }
}

package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaintenanceWindowTest {
  /** 2026-03-22 is a Sunday. An update begins in the first three of the four hours. */
  @ParameterizedTest
  @CsvSource({
    "SUNDAY,16:30:59,2026-03-22T16:30:58Z,false",
    "SUNDAY,16:30:59,2026-03-22T16:30:59Z,true",
    "SUNDAY,16:30:59,2026-03-22T19:30:58Z,true",
    "SUNDAY,16:30:59,2026-03-22T19:30:59Z,false",
    "SUNDAY,16:30:59,2026-03-23T17:00:00Z,false",
    "SATURDAY,23:00:00,2026-03-22T01:59:59Z,true",
    "SATURDAY,23:00:00,2026-03-22T02:00:00Z,false",
    "SATURDAY,23:00:00,2026-03-21T22:59:59Z,false",
    "SUNDAY,00:00:00,2026-03-22T00:00:00Z,true"
  })
  void opensOnceAWeek(DayOfWeek day, LocalTime time, Instant now, boolean open) {
    assertThat(new MaintenanceWindow(day, time).open(now)).isEqualTo(open);
  }
}

package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");

  @Test
  void aBackupIsOfTheGenerationOfItsTimeHoweverLongAgo() {
    Lineage second = Lineage.FIRST.next("16", 7, null, FIRST);
    Lineage third = second.next("16", 7, null, LATER);

    assertThat(third.at(FIRST.minusSeconds(1))).isEqualTo(1);
    assertThat(third.at(LATER.minusSeconds(1))).isEqualTo(2);
    assertThat(third.at(LATER)).isEqualTo(3);
    assertThat(third.all()).containsExactly(1, 2, 3);
  }

  @Test
  void noNumberIsUsedTwice() {
    Lineage back = Lineage.FIRST.next("16", 7, null, FIRST).back();

    assertThat(back.generation()).isEqualTo(1);
    assertThat(back.next("16", 7, null, LATER).generation()).isEqualTo(3);
  }
}

package mooring.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalSegmentTest {
  @ParameterizedTest
  @CsvSource({
    "000000010000000000000005, 000000010000000000000005, true",
    "000000010000000000000005, 000000010000000000000006, true",
    "000000010000000000000005, 000000010000000000000004, false",
    "0000000100000001000000FF, 000000010000000200000000, true",
    "000000010000000000000005, 000000020000000000000005, true",
    "000000010000000000000005, 000000020000000000000004, false",
    "000000020000000000000005, 000000010000000000000006, false",
    "000000010000000000000005, '', false",
  })
  void tellsWhetherItIsArchived(String segment, String last, boolean archived) {
    assertThat(WalSegment.of(segment).within(last)).isEqualTo(archived);
  }
}

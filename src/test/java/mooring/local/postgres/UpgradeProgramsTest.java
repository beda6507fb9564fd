package mooring.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpgradeProgramsTest {
  @Test
  void whatIsMissingIsSaid() {
    assertThat(MajorUpgrade.missing(98, 99))
        .contains("the programs of PostgreSQL 98 and 99 are not in /usr/lib/postgresql");
    assertThat(MajorUpgrade.between(98, 99)).isEmpty();
  }
}

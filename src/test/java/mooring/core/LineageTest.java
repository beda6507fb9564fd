package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instance DATABASE =
      Samples.instance(
          Desired.RUNNING,
          Samples.operation(
              UUID.randomUUID(), OperationKind.CREATE, Operation.Outcome.SUCCEEDED, 1L));
  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");

  @Test
  void aBackupIsOfTheGenerationOfItsTimeHoweverLongAgo() {
    Lineage second = Lineage.FIRST.next("16", 7, null, FIRST);
    Lineage third = second.next("16", 7, null, LATER);

    assertThat(third.at(FIRST.minusSeconds(1)).orElseThrow().generation()).isEqualTo(1);
    assertThat(third.at(LATER.minusSeconds(1)).orElseThrow().generation()).isEqualTo(2);
    assertThat(third.at(LATER)).isEmpty();
    assertThat(third.generation()).isEqualTo(3);
    assertThat(third.all()).containsExactly(1, 2, 3);
  }

  @Test
  void noNumberIsUsedTwice() {
    Lineage back = Lineage.FIRST.next("16", 7, null, FIRST).back();

    assertThat(back.generation()).isEqualTo(1);
    assertThat(back.next("16", 7, null, LATER).generation()).isEqualTo(3);
  }

  @Test
  void anUpgradeHasAnArchiveOfItsOwnAndNoNumber() {
    Instance database = DATABASE.upgraded("17", FIRST);
    String name = database.objectName();
    assertThat(database.clusterName()).isEqualTo(name);
    assertThat(database.archiveName()).isEqualTo(name + "-pg17");
    assertThat(database.archiveName(FIRST.minusSeconds(1))).isEqualTo(name);
    assertThat(database.archiveName(FIRST)).isEqualTo(name + "-pg17");
    assertThat(database.versionOf(name)).isEqualTo("16");
    assertThat(database.versionOf(name + "-pg17")).isEqualTo("17");

    Instance restored = database.restoredFrom(null, LATER);
    assertThat(restored.archiveName()).isEqualTo(name + "-g2").isEqualTo(restored.clusterName());
    assertThat(restored.archiveName(FIRST)).isEqualTo(name + "-pg17");
    Instance again = restored.upgraded("18", LATER.plusSeconds(1));
    assertThat(again.archiveNames())
        .containsExactly(name, name + "-g2", name + "-pg17", name + "-g2-pg18");
    assertThat(again.notUpgraded()).isEqualTo(restored);
    assertThat(database.notUpgraded()).isEqualTo(DATABASE);
  }
}

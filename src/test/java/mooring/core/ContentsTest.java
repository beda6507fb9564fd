package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContentsTest {
  private static final Instant START = Samples.START;

  private static Role role(String name, Stage stage) {
    return new Role(UUID.randomUUID(), name, stage, START, START);
  }

  private static LogicalDatabase database(String name, String owner, Stage stage) {
    return new LogicalDatabase(UUID.randomUUID(), name, owner, stage, START);
  }

  private static List<String> names(Contents contents) {
    return contents.roles().stream().map(Role::name).toList();
  }

  @Test
  void whatIsDoneStaysAndWhatIsTakenBackIsAsBefore() {
    Contents asked =
        Contents.NONE
            .with(role("made", Stage.MAKING))
            .with(role("there", Stage.THERE))
            .with(role("changed", Stage.CHANGING))
            .with(role("removed", Stage.REMOVING))
            .with(database("new", "made", Stage.MAKING))
            .with(database("old", "there", Stage.REMOVING));
    assertThat(names(asked)).containsExactly("made", "there", "changed", "removed");
    assertThat(asked.removing()).isTrue();

    Contents done = asked.settled(true);
    assertThat(names(done)).containsExactly("made", "there", "changed");
    assertThat(done.databases()).extracting(LogicalDatabase::name).containsExactly("new");
    Contents undone = asked.settled(false);
    assertThat(names(undone)).containsExactly("there", "changed", "removed");
    assertThat(undone.databases()).extracting(LogicalDatabase::name).containsExactly("old");
    for (Contents settled : List.of(done, undone)) {
      assertThat(settled.roles()).allMatch(role -> role.stage() == Stage.THERE);
      assertThat(settled.databases()).allMatch(one -> one.stage() == Stage.THERE);
      assertThat(settled.removing()).isFalse();
      assertThat(settled.proposed()).isEmpty();
    }
  }

  @Test
  void aRightThatIsTakenBackIsAsBefore() {
    Role there = role("copy", Stage.THERE);
    Role switched = there.changing(Stage.SWITCHING, START);
    assertThat(switched.replication()).isTrue();
    Contents asked = Contents.NONE.with(switched);
    assertThat(asked.proposed()).as("no password").isEmpty();
    assertThat(asked.settled(true).roles()).containsExactly(switched.at(Stage.THERE));
    assertThat(asked.settled(false).roles()).containsExactly(there);
    assertThat(there.changing(Stage.CHANGING, START).before()).isEqualTo(there);
    assertThat(asked.settled(true).copiedAt(null).roles()).allMatch(Role::replication);
  }

  @Test
  void oneIsReplacedInItsPlace() {
    Role first = role("first", Stage.THERE);
    Contents two = Contents.NONE.with(first).with(role("second", Stage.THERE));
    Contents changed = two.with(first.at(Stage.CHANGING));
    assertThat(names(changed)).containsExactly("first", "second");
    assertThat(changed.proposed()).map(Role::name).contains("first");
    assertThat(two.with(first)).isEqualTo(two);
  }

  @Test
  void aCopyHasWhatWasThereAtItsMoment() {
    Role late = new Role(UUID.randomUUID(), "late", Stage.THERE, START.plusSeconds(60), START);
    Contents source =
        Contents.NONE
            .with(role("early", Stage.CHANGING))
            .with(late)
            .with(role("unmade", Stage.MAKING))
            .with(database("orders", "early", Stage.REMOVING));
    Contents copy = source.copiedAt(START.plusSeconds(1));
    assertThat(names(copy)).containsExactly("early");
    assertThat(copy.role("early")).map(Role::stage).contains(Stage.THERE);
    assertThat(copy.role("early")).map(Role::id).isNotEqualTo(source.role("early").map(Role::id));
    assertThat(copy.ownedBy("early")).containsExactly("orders");
    assertThat(names(source.copiedAt(null))).containsExactly("early", "late");
  }
}

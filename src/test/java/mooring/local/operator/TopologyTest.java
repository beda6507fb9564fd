package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TopologyTest {

  @Test
  void theNumbersFollowFromThePrimaryAndHowManyThereAre() {
    assertThat(topology(1, 1).numbers()).containsExactly(1);
    assertThat(topology(1, 3).numbers()).containsExactly(1, 2, 3);
    assertThat(topology(2, 1).numbers()).containsExactly(2);
    assertThat(topology(3, 2).numbers()).containsExactly(1, 3);
    assertThat(topology(3, 2).standbys()).containsExactly(1);
    assertThat(topology(1, 1).standbys()).isEmpty();
  }

  @Test
  void itIsWholeWhenAllServe() {
    Topology two = topology(2, 3, 1, 2);
    assertThat(two.isWhole()).isFalse();
    assertThat(two.failedNames()).containsExactly("db-3");
    assertThat(two.readyStandbys()).containsExactly(1);
    assertThat(two.withoutPrimary().readyNames()).containsExactly("db-1");
    assertThat(topology(2, 3, 1, 2, 3).isWhole()).isTrue();
  }

  @Test
  void theMostAdvancedHasAllWhereEnoughOfThemAreThere() {
    SynchronousStandbys anyOfThree =
        new SynchronousStandbys("any", 1, List.of("db-1", "db-2", "db-3"));
    assertThat(anyOfThree.setting()).isEqualTo("ANY 1 (\"db-1\",\"db-2\",\"db-3\")");
    assertThat(anyOfThree.allConfirmedIsIn(Set.of("db-1", "db-2", "db-3"))).isTrue();
    assertThat(anyOfThree.allConfirmedIsIn(Set.of("db-1", "db-2"))).isFalse();

    SynchronousStandbys twoOfThree =
        new SynchronousStandbys("first", 2, List.of("db-1", "db-2", "db-3"));
    assertThat(twoOfThree.setting()).startsWith("FIRST 2 (");
    assertThat(twoOfThree.allConfirmedIsIn(Set.of("db-1", "db-2"))).isTrue();

    assertThat(SynchronousStandbys.NONE.setting()).isEmpty();
    assertThat(SynchronousStandbys.NONE.allConfirmedIsIn(Set.of("db-1"))).isTrue();
  }

  @Test
  void afterAFailoverItIsKnownWhoConfirmedUntilTheNewPrimaryIsToldWhoHasTo() {
    SynchronousStandbys asked = new SynchronousStandbys("any", 1, List.of("db-2", "db-3"));
    Topologies topologies = new Topologies(null); // asks for no process
    topologies.confirm("db", asked);

    topologies.choose("db", 2);

    assertThat(topologies.primary("db")).isEqualTo(2);
    assertThat(topologies.confirming("db")).isEqualTo(asked);
    topologies.confirm("db", SynchronousStandbys.NONE);
    assertThat(topologies.confirming("db")).isEqualTo(SynchronousStandbys.NONE);
  }

  private static Topology topology(int primary, int instances, Integer... ready) {
    return new Topology("db", primary, instances, new TreeSet<>(List.of(ready)));
  }
}

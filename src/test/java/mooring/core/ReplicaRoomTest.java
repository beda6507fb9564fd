package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import mooring.core.Operation.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that is not set to have any workers has 8 or 32, its source and replicas as many. */
class ReplicaRoomTest {
  private static final String WORKERS = "max_worker_processes";
  private static final Instance UNSET = with(Map.of());

  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {
        "unset,20,unset,true", // 8 are raised
        "unset,20,20,false",
        "unset,8,unset,false",
        "unset,32,32,false",
        "unset,unset,unset,false",
        "unset,unset,20,false", // as it was
        "20,20,unset,false",
        "20,24,unset,true",
        "20,24,24,false",
        "20,16,unset,false",
        "16,unset,unset,false",
        "16,unset,16,true", // to 32
        "16,unset,32,false",
        "32,unset,16,false"
      })
  void aSourceHasNoMoreThanItsReplicas(String was, String is, String replica, boolean refused) {
    Optional<String> raised = ReplicaRoom.raised(with(was), with(is), with(replica));
    assertThat(raised).isEqualTo(refused ? Optional.of(WORKERS) : Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {
        "unset,unset,20,false", // whatever it lacks, it does not get less
        "unset,20,20,false",
        "16,16,20,false",
        "16,18,20,false",
        "24,18,20,true",
        "24,unset,20,true", // to 8
        "unset,unset,unset,false",
        "unset,20,unset,true", // 32 are lowered
        "unset,32,unset,false",
        "40,unset,unset,false",
        "24,unset,8,false"
      })
  void aReplicaGetsNoLessThanItsSource(String was, String is, String source, boolean refused) {
    Optional<String> lowered = ReplicaRoom.lowered(with(was), with(is), with(source));
    assertThat(lowered).isEqualTo(refused ? Optional.of(WORKERS) : Optional.empty());
  }

  @Test
  void whatIsTheSameEverywhereIsKnown() {
    Instance locks = with("max_locks_per_transaction", "100");
    assertThat(ReplicaRoom.raised(UNSET, locks, UNSET)).contains("max_locks_per_transaction");
    assertThat(ReplicaRoom.raised(UNSET, with("max_wal_senders", "10"), UNSET)).isEmpty();
  }

  private static Instance with(String workers) {
    return workers == null ? UNSET : with(WORKERS, workers);
  }

  private static Instance with(String name, String value) {
    return with(Map.of(name, value));
  }

  private static Instance with(Map<String, String> settings) {
    Instance one =
        Samples.instance(
            Desired.RUNNING, Samples.operation(OperationKind.CREATE, Outcome.SUCCEEDED, 7L));
    return one.wanted(
        one.spec(), one.desired(), one.setup().withParameters(settings), one.attributes());
  }
}

package mooring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import mooring.core.Operation.Outcome;
import org.junit.jupiter.api.Test;

class PostgresParametersTest {
  @Test
  void aShareOfTheMemoryFollowsTheSize() {
    Instance small =
        sized(4096, Setup.NONE.withPolicy(Policy.NONE.withSharedBuffersPercentage(40)));
    assertThat(PostgresParameters.of(small)).containsEntry("shared_buffers", "1638MB");
    Instance large = sized(8192, small.setup());
    assertThat(PostgresParameters.of(large)).containsEntry("shared_buffers", "3276MB");
    assertThat(PostgresParameters.of(sized(8192, Setup.NONE)))
        .containsEntry("shared_buffers", "2048MB");
  }

  @Test
  void whatIsAskedForByNameGoesOverAll() {
    Setup asked = Setup.NONE.withParameters(Map.of("work_mem", "8MB", "jit", "off"));
    assertThat(PostgresParameters.of(sized(4096, asked)))
        .containsEntry("work_mem", "8MB")
        .containsEntry("jit", "off");
  }

  @Test
  void workMemoryIsWhatTheApiPublishesThatMadeIt() {
    assertThat(PostgresParameters.of(exoscale(4096))).containsEntry("work_mem", "4MB");
    assertThat(PostgresParameters.of(exoscale(128 * 1024))).containsEntry("work_mem", "32MB");
  }

  @Test
  void locksThatASizeHasNoRoomForAreLeftOut() {
    Map<String, String> asked =
        Map.of(
            "max_prepared_transactions", "10000",
            "max_locks_per_transaction", "6400",
            "max_pred_locks_per_transaction", "5120",
            "jit", "off");
    assertThat(LockTables.mib(asked, sized(2048, Setup.NONE).spec())).isGreaterThan(10_000);
    assertThat(PostgresParameters.fitting(asked, sized(2048, Setup.NONE).spec()))
        .isEqualTo(Map.of("jit", "off"));
    Map<String, String> less = Map.of("max_locks_per_transaction", "1024");
    assertThat(PostgresParameters.fitting(less, sized(2048, Setup.NONE).spec())).isEqualTo(less);
    for (int memory : new int[] {64, 256, 512, 1024, 131_072}) {
      InstanceSpec spec = sized(memory, Setup.NONE).spec();
      assertThat(LockTables.mib(Map.of(), spec)).isLessThanOrEqualTo(LockTables.mostMib(spec));
    }
  }

  private static Instance exoscale(int memoryMib) {
    Instance one = sized(memoryMib, Setup.NONE);
    return new Instance(
        one.id(),
        one.shortId(),
        one.tenant(),
        Api.EXOSCALE,
        one.name(),
        one.handle(),
        one.spec(),
        one.address(),
        one.owner(),
        one.database(),
        one.desired(),
        one.setup(),
        one.contents(),
        null,
        one.attributes(),
        one.createdAt(),
        one.deletedAt(),
        one.revision(),
        one.operation());
  }

  private static Instance sized(int memoryMib, Setup setup) {
    Operation operation = Samples.operation(OperationKind.CREATE, Outcome.RUNNING, null);
    Instance one = Samples.instance(Desired.RUNNING, operation);
    InstanceSpec spec =
        new InstanceSpec(Engine.POSTGRESQL, "16", 2000, memoryMib, 51_200, 1, "nyc1");
    return one.wanted(spec, one.desired(), setup, one.attributes());
  }
}

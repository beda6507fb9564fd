package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operator that is killed in the middle of a backup or of a recovery. */
@Tag("slow")
class OperatorCrashTest extends OperatorTestBase {
  private static final String OTHER = "db-5e6f7a8b";
  private static final String STORE = "mooring-7d";
  private static final String SERVER = "server-1";

  @Test
  void whatWasBegunIsDoneAnewAndNothingHalfStays() throws Exception {
    BackupBench backups = new BackupBench(bench);
    Process first = bench.startOperatorProcess();
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createService(DB, address, 5432);
    bench.createCluster(DB, 16, BackupBench.archivedIn(STORE, SERVER));
    bench.awaitHealthy(DB);
    ask(
        "create table big as select repeat(n::text, 200) as filler from generate_series(1, 20000) n");
    Path unused = bench.fill(DB, 20_000); // a copy is seen before it is whole
    backups.create("first", DB, "");
    bench.await(
        () ->
            assertThat(backups.copies(STORE, SERVER))
                .anyMatch(name -> name.startsWith("unfinished-")));
    kill(first);
    List<String> left = backups.copies(STORE, SERVER);
    assertThat(left).hasSize(1);
    assertThat(left.get(0)).startsWith("unfinished-");

    Process second = bench.startOperatorProcess();
    String id = backups.awaitCompleted("first");
    assertThat(backups.copies(STORE, SERVER)).containsExactly(id);
    ask("delete from big where length(filler) < 900");
    String rows = ask("select count(*) || ' ' || sum(length(filler)) from big");

    String otherAddress = OperatorBench.freshAddress();
    bench.createSecret(OTHER, OperatorBench.PASSWORD);
    bench.createService(OTHER, otherAddress, 5432);
    bench.createCluster(
        OTHER, 16, BackupBench.recoveredFrom(STORE, SERVER, Map.of(), OTHER + "-app"));
    bench.await(() -> assertThat(bench.data(OTHER).resolveSibling("pgdata.recovering")).exists());
    kill(second);
    assertThat(bench.data(OTHER)).doesNotExist();

    bench.startOperator();
    bench.awaitHealthy(OTHER);
    assertThat(
            OperatorBench.ask(
                otherAddress,
                OperatorBench.PASSWORD,
                "select count(*) || ' ' || sum(length(filler)) from big"))
        .isEqualTo(rows);
    assertThat(bench.data(OTHER).resolveSibling("pgdata.recovering")).doesNotExist();
    assertThat(bench.servers(OTHER)).hasSize(1);
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }
}

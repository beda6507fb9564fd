package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is deleted while a copy of it, or for it, is under way. */
@Tag("slow")
class OperatorDeletionTest extends OperatorTestBase {
  private static final String STORE = "mooring-7d";
  private static final String MANUAL = "mooring-manual";
  private static final String SERVER = "server-1";
  private BackupBench backups;

  @BeforeEach
  void begin() throws SQLException {
    backups = new BackupBench(bench);
    bench.startOperator();
    database();
    ask(
        "create table big as select repeat(n::text, 200) as filler from generate_series(1, 80000) n");
  }

  @Test
  void aDatabaseGoesAtOnceWithTheCopyOfItThatIsMadeAndThoseThatWait() {
    backups.create("whole", DB, MANUAL);
    String whole = backups.awaitCompleted("whole");
    backups.create("first", DB, STORE);
    backups.create("second", DB, MANUAL);
    awaitCopying(STORE);

    bench.clusters().withName(DB).delete();
    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    backups.awaitFailed("first", "no Cluster named " + DB);
    backups.awaitFailed("second", "no Cluster named " + DB);
    assertThat(bench.servers(DB)).isEmpty();
    assertThat(bench.data(DB).getParent()).doesNotExist();
    bench.await(() -> assertThat(backups.archive(STORE, SERVER)).doesNotExist());
    assertThat(backups.copies(MANUAL, SERVER)).containsExactly(whole);

    database();
    backups.create("third", DB, STORE);
    String third = backups.awaitCompleted("third");
    assertThat(backups.copies(STORE, SERVER)).containsExactly(third);
    assertThat(bench.servers(DB)).hasSize(1);
    for (String name : new String[] {"first", "second", "whole"}) {
      backups.delete(name);
    }
    assertThat(backups.archive(MANUAL, SERVER)).doesNotExist();
  }

  @Test
  void aBackupThatIsBeingMadeGoesAtOnceAndMakesRoomForTheNext() throws SQLException {
    backups.create("first", DB, MANUAL);
    awaitCopying(MANUAL);
    backups.create("second", DB, MANUAL);

    List<String> told = new CopyOnWriteArrayList<>();
    String second;
    try (Watch watch = backups.backups().watch(collecting(told))) {
      assertThat(watch).isNotNull();
      backups.delete("first");
      second = backups.awaitCompleted("second");
      bench.await(() -> assertThat(told).containsSubsequence("first gone", "second completed"));
    }
    assertThat(backups.copies(MANUAL, SERVER)).containsExactly(second);
    assertThat(ask("select count(*) from pg_replication_slots")).isEqualTo("0");

    backups.delete("second");
    assertThat(backups.archive(MANUAL, SERVER)).doesNotExist();
  }

  private void database() {
    bench.createSecret(DB, OperatorBench.PASSWORD);
    if (bench.client.services().inNamespace(bench.namespace).withName(DB).get() == null) {
      bench.createService(DB, address, 5432);
    }
    bench.createCluster(DB, 16, BackupBench.archivedIn(STORE, SERVER));
    bench.awaitHealthy(DB);
  }

  /** Each Backup's name with its phase, or that it is gone, in the order they are told. */
  private static Watcher<GenericKubernetesResource> collecting(List<String> told) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, GenericKubernetesResource backup) {
        String what = action == Action.DELETED ? "gone" : BackupStatus.phase(backup);
        told.add(backup.getMetadata().getName() + " " + what);
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }

  private void awaitCopying(String store) {
    bench.await(
        () ->
            assertThat(backups.copies(store, SERVER))
                .anyMatch(name -> name.startsWith("unfinished-")));
  }
}

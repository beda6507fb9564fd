package mooring.local.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the clock brings: scheduled backups, and the end of old ones. */
@Tag("slow")
class OperatorScheduleTest extends OperatorTestBase {
  private static final String STORE = "mooring-1d";
  private static final String SERVER = "server-1";
  private final MovableClock clock = new MovableClock();
  private BackupBench backups;

  @BeforeEach
  void prepare() {
    backups = new BackupBench(bench);
    Instant noon = clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(36));
    clock.move(Duration.between(clock.instant(), noon)); // when no schedule is about to be due
    bench.startOperator(clock);
    bench.createSecret(DB, OperatorBench.PASSWORD);
    bench.createService(DB, address, 5432);
    bench.createCluster(DB, 16, BackupBench.archivedIn(STORE, SERVER));
    bench.awaitHealthy(DB);
  }

  @Test
  void aBackupADayIsMadeAndTheOldOneGoesWithItsLogOnceAnotherReachesBackFarEnough()
      throws Exception {
    schedule("daily", "0 30 3 * * *");
    bench.await(() -> assertThat(schedule("nextScheduleTime")).isNotNull());
    assertThat(backups.backups().list().getItems()).isEmpty();

    clock.move(Duration.between(clock.instant(), next()).plusSeconds(5));
    String first = awaitBackups(1).get(0);
    assertThat(first).matches("daily-\\d{8}033000");
    String id = backups.awaitCompleted(first);
    GenericKubernetesResource made = backups.backups().withName(first).get();
    assertThat(made.getMetadata().getLabels())
        .containsEntry("cnpg.io/scheduled-backup", "daily")
        .containsEntry("cnpg.io/cluster", DB);
    bench.await( // told after the Backup is made
        () -> assertThat(schedule("lastScheduleTime")).asString().endsWith("T03:30:00Z"));
    assertThat(window("lastSuccessfulBackupTime")).isEqualTo(backups.status(first, "stoppedAt"));
    String log = backups.status(first, "beginWal") + ".gz";
    ask("create table kept as select 1");
    bench.await(() -> assertThat(segments()).contains(log));

    clock.move(Duration.ofDays(1));
    String later = awaitBackups(2).stream().filter(name -> !name.equals(first)).findAny().get();
    String second = backups.awaitCompleted(later);
    assertThat(backups.copies(STORE, SERVER)).containsExactly(id, second);
    clock.move(Duration.ofMinutes(2)); // now the first one is older than a day, but needed

    bench.await(() -> assertThat(next()).isAfter(clock.instant())); // as above
    clock.move(Duration.between(clock.instant(), next()).plusSeconds(1));
    String last =
        awaitBackups(3).stream()
            .filter(name -> !name.equals(first) && !name.equals(later))
            .findAny()
            .get();
    String third = backups.awaitCompleted(last);
    assertThat(backups.copies(STORE, SERVER)).containsExactly(id, second, third);
    clock.move(Duration.ofMinutes(2)); // now the second one is older than a day, too
    bench.await(() -> assertThat(backups.copies(STORE, SERVER)).containsExactly(second, third));
    assertThat(second).isNotEqualTo(id);
    bench.await(() -> assertThat(segments()).doesNotContain(log));
    assertThat(ask("select 1")).isEqualTo("1");
  }

  @Test
  void theLastBackupStaysAsLongAsItsDatabase() {
    backups.create("only", DB, "");
    backups.awaitCompleted("only");
    backups.create("kept", DB, "mooring-manual");
    backups.awaitCompleted("kept");

    clock.move(Duration.ofDays(40));
    schedule("marker", "0 0 0 * * *"); // when this has been seen, so have the backups
    bench.await(() -> assertThat(scheduled("marker").<Object>get("status")).isNotNull());
    clock.move(Duration.ofMinutes(2));
    Awaitility.await() // its operator looks each second
        .during(Duration.ofSeconds(3))
        .until(() -> "completed".equals(backups.status("only", "phase")));
    bench.clusters().withName(DB).delete();

    bench.await(() -> assertThat(bench.clusters().withName(DB).get()).isNull());
    bench.await(
        () -> {
          clock.move(Duration.ofMinutes(2)); // at the first look it may not be known to be gone
          assertThat(backups.status("only", "phase")).isNull();
        });
    assertThat(backups.archive(STORE, SERVER)).doesNotExist();
    assertThat(backups.status("kept", "phase")).isEqualTo("completed");
    backups.delete("kept");
    assertThat(backups.archive("mooring-manual", SERVER)).doesNotExist();
  }

  @Test
  void aScheduleThatIsNotKnownIsRefusedAndASuspendedOneWaits() throws SQLException {
    schedule("often", "0 */5 * * * *");
    bench.await(() -> assertThat(scheduled("often").<Object>get("status", "error")).isNotNull());
    schedule("daily", "0 30 3 * * *");
    bench.await(() -> assertThat(schedule("nextScheduleTime")).isNotNull());
    Instant before = next();
    backups
        .of(CustomResources.SCHEDULED_BACKUPS)
        .withName("daily")
        .edit(
            object -> {
              object.setAdditionalProperty(
                  "spec",
                  Map.of(
                      "schedule", "0 30 3 * * *", "cluster", Map.of("name", DB), "suspend", true));
              return object;
            });
    schedule("marker", "@daily"); // when this has been refused, the other's suspension is known
    bench.await(() -> assertThat(scheduled("marker").<Object>get("status", "error")).isNotNull());

    clock.move(Duration.ofDays(1));

    bench.await(() -> assertThat(next()).isAfter(before));
    assertThat(backups.backups().list().getItems()).isEmpty();
    assertThat(ask("select 1")).isEqualTo("1");
  }

  private void schedule(String name, String schedule) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion("postgresql.cnpg.io/v1");
    object.setKind("ScheduledBackup");
    object.setMetadata(new ObjectMetaBuilder().withName(name).build());
    object.setAdditionalProperty(
        "spec",
        Map.of(
            "schedule",
            schedule,
            "cluster",
            Map.of("name", DB),
            "method",
            "plugin",
            "pluginConfiguration",
            Map.of("name", BackupBench.PLUGIN)));
    backups.of(CustomResources.SCHEDULED_BACKUPS).resource(object).create();
  }

  private GenericKubernetesResource scheduled(String name) {
    return backups.of(CustomResources.SCHEDULED_BACKUPS).withName(name).get();
  }

  private Object schedule(String field) {
    return scheduled("daily").get("status", field);
  }

  private Instant next() {
    return Instant.parse(String.valueOf(schedule("nextScheduleTime")));
  }

  private Object window(String field) {
    return backups
        .of(CustomResources.OBJECT_STORES)
        .withName(STORE)
        .get()
        .get("status", "serverRecoveryWindow", SERVER, field);
  }

  private List<String> awaitBackups(int count) {
    bench.await(() -> assertThat(backups.backups().list().getItems()).hasSize(count));
    return backups.backups().list().getItems().stream()
        .map(backup -> backup.getMetadata().getName())
        .toList();
  }

  private List<String> segments() {
    Path wal = backups.archive(STORE, SERVER).resolve("wal");
    try (Stream<Path> files = Files.list(wal)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

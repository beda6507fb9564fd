package mooring.product;

import static mooring.product.CrashCase.ALONE;
import static mooring.product.CrashCase.WITH_SERVERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mooring.product.CrashCase.Plan;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at each step of a backup, a restore and a deletion meanwhile, a database for
 * each: after the last start all of them have ended, once, and nothing is left over.
 */
class BackupCrashIT extends CrashMatrix {
  BackupCrashIT() {
    super("127.93.0.0/16");
  }

  @Test
  void duringBackupAndRestore() throws SQLException {
    List<CrashCase> cases =
        crashes.make(
            new Plan("backup", "answered", ALONE),
            new Plan("backup", "Backup there", ALONE),
            new Plan("backup", "copying", WITH_SERVERS),
            new Plan("backup", "copied", ALONE),
            new Plan("backup", "completed", ALONE));
    awaitDailyBackups(cases);
    List<String> backups = new ArrayList<>();
    for (CrashCase one : cases) {
      crashes.awaitStatus(one, "running");
      crashes.crash(
          one, () -> backups.add(mooring.databases().backUp(one.id(), "first").getString("id")));
    }
    for (int i = 0; i < cases.size(); i++) {
      String id = cases.get(i).id();
      JsonObject completed = mooring.databases().awaitBackup(id, backups.get(i), "completed");
      assertThat(completed.getValue("expires_at")).as(cases.get(i).toString()).isNull();
      assertThat(mooring.objects().backups(id)).hasSize(1);
      assertThat(mooring.copies(id)).hasSize(1).noneMatch(name -> name.startsWith("unfinished-"));
    }

    List<CrashCase> restored = new ArrayList<>();
    for (Plan plan :
        List.of(
            new Plan("restore", "answered", ALONE),
            new Plan("restore", "recovering", WITH_SERVERS),
            new Plan("restore", "Database recovered", ALONE),
            new Plan("restore", "PostgreSQL runs", WITH_SERVERS),
            new Plan("restore", "answered", WITH_SERVERS))) {
      int number = restored.size();
      crashes.awaitStatus(cases.get(number), "running");
      JsonObject copy =
          mooring
              .databases()
              .restore(cases.get(number).id(), backups.get(number), "restored-" + number);
      CrashCase one = plan.of(copy);
      restored.add(one);
      crashes.crash(one, () -> {});
    }
    crashes.assertRowsAreKept(restored);
    for (CrashCase one : restored) {
      crashes.assertOperations(one, "CREATE SUCCEEDED");
      assertThat(mooring.files(one.id()).resolve("pgdata.recovering")).doesNotExist();
    }
    crashes.assertRowsAreKept(cases);
    assertThat(mooring.uncloud().listed()).hasSize(cases.size() + restored.size());
    mooring.awaitServers(cases.size() + restored.size());
    crashes.deleteEverything();
  }

  @Test
  void duringADeleteWhileABackupIsCopied() throws SQLException {
    List<CrashCase> cases =
        crashes.make(
            new Plan("delete", "answered", ALONE),
            new Plan("delete", "PostgreSQL stopped", WITH_SERVERS),
            new Plan("delete", "Database removed", ALONE),
            new Plan("delete", "operation ended", ALONE));
    awaitDailyBackups(cases);
    for (CrashCase one : cases) {
      crashes.awaitStatus(one, "running");
      mooring.databases().backUp(one.id(), "first");
      await("copying")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> !mooring.copies(one.id()).isEmpty());
      crashes.crash(one, () -> mooring.databases().delete(one.id()));
    }

    for (CrashCase one : cases) {
      mooring.databases().awaitGone(one.id());
      crashes.assertOperations(one, "CREATE SUCCEEDED, DELETE SUCCEEDED");
    }
    mooring.awaitNothing();
  }

  private void awaitDailyBackups(List<CrashCase> cases) {
    for (CrashCase one : cases) {
      await("the first daily backup is done")
          .atMost(LIMIT)
          .until(
              () ->
                  mooring.databases().backups(one.id()).stream()
                      .anyMatch(backup -> backup.getString("status").equals("completed")));
    }
  }
}

package mooring.product;

import static mooring.product.CrashCase.ALONE;
import static mooring.product.CrashCase.WITH_SERVERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import mooring.product.CrashCase.Plan;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at each step of a restore in place, a database for each: after the last start all
 * of them have been restored, once, with all that was committed, and nothing is left over.
 */
class RestoreCrashIT extends CrashMatrix {
  RestoreCrashIT() {
    super("127.95.0.0/16");
  }

  @Test
  void duringARestoreInPlace() throws SQLException {
    List<CrashCase> cases =
        crashes.make(
            new Plan("restore", "answered", ALONE),
            new Plan("restore", "PostgreSQL stopped", WITH_SERVERS),
            new Plan("restore", "recovering in place", WITH_SERVERS),
            new Plan("restore", "Database recovered", ALONE),
            new Plan("restore", "PostgreSQL runs", WITH_SERVERS),
            new Plan("restore", "Database removed", ALONE),
            new Plan("restore", "operation ended", WITH_SERVERS));
    for (CrashCase one : cases) {
      crashes.awaitStatus(one, "running");
      String cluster = mooring.ledger().instance(one.id());
      String backup = mooring.ionos().awaitBackup(cluster);
      crashes.shown(one).run("insert into words values ('last')");
      crashes.crash(one, () -> mooring.ionos().restore(cluster, backup, null));
    }
    for (CrashCase one : cases) {
      crashes.awaitStatus(one, "running");
      assertThat(crashes.shown(one).ask("select string_agg(word, ' ') from words"))
          .as(one.toString())
          .isEqualTo("kept last");
      crashes.assertOperations(one, "CREATE SUCCEEDED, RESTORE SUCCEEDED");
      assertThat(mooring.files(one.id())).as(one.toString()).doesNotExist();
    }
    mooring.awaitServers(cases.size());
    crashes.deleteEverything();
  }
}

package mooring.product;

import static mooring.product.CloudheedDatabases.login;
import static mooring.product.CrashCase.ALONE;
import static mooring.product.CrashCase.WITH_SERVERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import mooring.product.CrashCase.Plan;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at each step of every change of a database, with the servers or without, a
 * database for each: after the last start all of them have ended, once, and nothing is left over.
 * The next kill comes while what the one before has interrupted still waits for its lease to run
 * out.
 */
class ChangeCrashIT extends CrashMatrix {
  ChangeCrashIT() {
    super("127.114.0.0/16");
  }

  @Test
  void duringStopStartAndRestart() throws SQLException {
    List<CrashCase> cases =
        crashes.make(
            new Plan("stop", "answered", ALONE),
            new Plan("stop", "applied", WITH_SERVERS),
            new Plan("stop", "PostgreSQL stopped", ALONE),
            new Plan("start", "applied", ALONE),
            new Plan("restart", "applied", ALONE),
            new Plan("restart", "PostgreSQL stopped", WITH_SERVERS),
            new Plan("restart", "PostgreSQL runs", ALONE));
    CrashCase started = cases.get(3);
    mooring.databases().act(started.id(), "stop");
    mooring.databases().awaitStatus(started.id(), "stopped");
    for (CrashCase one : cases) {
      if (!one.change().equals("start")) {
        crashes.awaitStatus(one, "running");
      }
      crashes.crash(one, () -> mooring.databases().act(one.id(), one.change()));
    }

    for (CrashCase one : cases) {
      boolean stopped = one.change().equals("stop");
      crashes.awaitStatus(one, stopped ? "stopped" : "running");
      String before =
          one.change().equals("start")
              ? "CREATE SUCCEEDED, STOP SUCCEEDED, "
              : "CREATE SUCCEEDED, ";
      crashes.assertOperations(one, before + one.change().toUpperCase(Locale.ROOT) + " SUCCEEDED");
      if (!one.moment().equals("answered")) {
        // What was done before its own kill, a kill for each, is not done again after it.
        List<Long> runs = mooring.timesAfterKills("PostgreSQL runs", one.id());
        assertThat(runs.subList(cases.indexOf(one), cases.size()))
            .as(one.toString())
            .allMatch(count -> count <= (stopped ? 0 : 1));
      }
    }
    mooring.awaitServers(4);
    for (CrashCase one : cases.subList(0, 3)) {
      mooring.databases().act(one.id(), "start");
    }
    crashes.assertRowsAreKept(cases);
    crashes.deleteEverything();
  }

  @Test
  void duringResizeAndPasswordReset() throws SQLException {
    List<CrashCase> cases =
        crashes.make(
            new Plan("reset-password", "operation claimed", ALONE),
            new Plan("reset-password", "applied", WITH_SERVERS),
            new Plan("reset-password", "operation ended", ALONE),
            new Plan("resize", "answered", ALONE),
            new Plan("resize", "applied", ALONE),
            new Plan("resize", "PostgreSQL stopped", WITH_SERVERS),
            new Plan("resize", "PostgreSQL runs", ALONE));
    List<CrashCase> resets = cases.subList(0, 3);
    List<CrashCase> resizes = cases.subList(3, cases.size());
    List<CompletableFuture<JsonObject>> answers = new ArrayList<>();
    for (CrashCase one : resets) {
      crashes.awaitStatus(one, "running");
      CloudheedDatabases now = mooring.databases();
      crashes.crash(
          one,
          () -> answers.add(CompletableFuture.supplyAsync(() -> now.act(one.id(), one.change()))));
    }
    JsonObject bigger = new JsonObject().put("tier", "medium");
    for (CrashCase one : resizes) {
      crashes.awaitStatus(one, "running");
      crashes.crash(one, () -> mooring.databases().act(one.id(), one.change(), bigger));
    }

    for (int i = 0; i < resets.size(); i++) {
      assertReset(resets.get(i), answered(answers.get(i)).getString("password"));
    }
    for (CrashCase one : resizes) {
      crashes.awaitStatus(one, "running");
      assertThat(mooring.databases().get(one.id()).getString("tier")).isEqualTo("medium");
      crashes.assertOperations(one, "CREATE SUCCEEDED, RESIZE SUCCEEDED");
    }
    mooring.awaitServers(cases.size());
    crashes.assertRowsAreKept(cases);
    crashes.deleteEverything();
  }

  /** Nothing when the answer was lost with the connection. */
  private static JsonObject answered(CompletableFuture<JsonObject> answer) {
    return answer
        .exceptionally(
            failure -> {
              assertThat(failure).hasRootCauseInstanceOf(IOException.class);
              return new JsonObject();
            })
        .join();
  }

  /**
   * The password that is shown is the only one that works, whatever became of the reset.
   *
   * @param answered null when nobody was answered
   */
  private void assertReset(CrashCase one, String answered) {
    await("the reset has ended")
        .atMost(LIMIT)
        .until(() -> !mooring.ledger().operations(one.id()).contains("RUNNING"));
    String outcome = mooring.ledger().operations(one.id()).replace("CREATE SUCCEEDED, ", "");
    assertThat(outcome).isIn("RESET_PASSWORD SUCCEEDED", "RESET_PASSWORD FAILED");
    Login old = login(one.shown());
    Login shown = crashes.shown(one);
    await("the password that is shown works")
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(() -> assertThat(shown.ask("select 1")).isEqualTo("1"));
    if (outcome.endsWith("FAILED")) {
      assertThat(answered).isNull();
      assertThat(shown).isEqualTo(old);
    } else {
      assertThat(answered).isIn(null, shown.password());
      assertThatThrownBy(() -> old.ask("select 1")).isInstanceOf(SQLException.class);
    }
    JsonObject again = mooring.databases().act(one.id(), "reset-password");
    assertThat(again.getString("password")).isNotEqualTo(shown.password());
  }
}

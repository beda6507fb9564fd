package mooring.product;

import static mooring.product.CloudheedDatabases.login;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The databases of a crash matrix: how they are made, watched and judged. */
final class CrashCases {
  private final EmbeddedProduct mooring;

  CrashCases(EmbeddedProduct mooring) {
    this.mooring = mooring;
  }

  /** A running database with a row for each. */
  List<CrashCase> make(CrashCase.Plan... plans) throws SQLException {
    List<CrashCase> cases = new ArrayList<>();
    for (CrashCase.Plan plan : plans) {
      JsonObject shown = mooring.databases().create("db-" + cases.size(), "small");
      cases.add(plan.of(shown));
    }
    for (CrashCase one : cases) {
      mooring.databases().awaitStatus(one.id(), "running");
      login(one.shown()).run("create table words (word text)", "insert into words values ('kept')");
    }
    mooring.listen();
    return cases;
  }

  /** How to tell that a change which is asked for from now on has come to its moment. */
  private BooleanSupplier moment(CrashCase one) {
    String id = one.id();
    mooring.listen();
    return switch (one.moment()) {
      case "answered" -> () -> true;
      case "applied" -> {
        String before = mooring.objects().asked(id);
        yield () -> !mooring.objects().asked(id).equals(before);
      }
      case "objects changed" -> {
        List<String> before = mooring.objects().of(id);
        yield () -> !mooring.objects().of(id).equals(before);
      }
      case "operation claimed", "operation ended" -> {
        String instance = mooring.ledger().instance(id);
        yield () -> mooring.says(one.moment(), instance);
      }
      case "Backup there" -> () -> !mooring.objects().backups(id).isEmpty();
      // What passes by unseen has come all the same: then it is killed a little later.
      case "copying" -> () -> !mooring.copies(id).isEmpty();
      case "copied" -> () -> !mooring.copies(id).isEmpty() && !mooring.copying(id);
      case "completed" -> () -> mooring.says("completed", id + "-b");
      case "recovering" -> () -> recovering(id);
      case "recovering in place" -> () -> recovering(id + "-g2");
      default -> () -> mooring.says(one.moment(), id);
    };
  }

  private boolean recovering(String cluster) {
    Path files = mooring.files(cluster);
    return Files.exists(files.resolve("pgdata.recovering"))
        || Files.exists(files.resolve("pgdata"));
  }

  /** Asks for a change, and kills the product when that has come to its moment. */
  void crash(CrashCase one, Runnable change) {
    BooleanSupplier reached = moment(one);
    change.run();
    mooring.crash(one.toString(), reached, one.serversToo());
  }

  /** What has become of everything that was asked of a database. */
  void assertOperations(CrashCase one, String all) {
    Ledger ledger = mooring.ledger();
    assertThat(ledger.operations(one.id()))
        .as(() -> one + ", and why: " + ledger.reasons(one.id()))
        .isEqualTo(all);
  }

  /** Each runs and has its row. */
  void assertRowsAreKept(List<CrashCase> cases) throws SQLException {
    for (CrashCase one : cases) {
      awaitStatus(one, "running");
      assertThat(shown(one).ask("select word from words")).as(one.toString()).isEqualTo("kept");
    }
  }

  /** One API calls a database running whose server is starting, the other one that is resized. */
  void awaitStatus(CrashCase one, String word) {
    mooring.databases().awaitStatus(one.id(), word);
    mooring.uncloud().awaitStatus(there(one), word);
  }

  /** The login that is shown by now. */
  Login shown(CrashCase one) {
    return Login.of(mooring.uncloud().credentials(there(one)));
  }

  private static String there(CrashCase one) {
    return one.id().replace("db-", "db_");
  }

  /** Nothing is left of any database once it is deleted. */
  void deleteEverything() {
    List<String> all = mooring.uncloud().listed();
    all.forEach(mooring.uncloud()::delete);
    all.forEach(mooring.uncloud()::awaitGone);
    mooring.awaitNothing();
  }
}
